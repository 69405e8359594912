/** The client library: `import { connect } from 'music-chronus'`. */
export { connect, type ConnectOptions } from './connect.js';
export { ChronusError } from './errors.js';
export { Score, type ScoreOptions } from './score.js';
export type { Answer, Command, Sent } from './sent.js';
export type { Handler } from './subscriptions.js';
export { Synth, type LinkOptions, type SynthEvents } from './synth.js';
export type { Clock, Transport } from './transport.js';
export type { Value } from './values.js';
export type * from './generated/api.js';
