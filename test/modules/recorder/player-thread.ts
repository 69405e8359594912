/** A clock of its own that never waits for anybody: plays block after block until word 0 of `done` is set. */
import { workerData } from 'node:worker_threads';
import type { TapMemory } from '../../../engine/shared/tap.js';
import { Player } from './fixtures.js';

const { tap, done } = workerData as { readonly tap: TapMemory; readonly done: SharedArrayBuffer };
const player = new Player(tap);
const words = new Int32Array(done);
/** About twenty times real time: slow enough that a writer which shares a processor keeps up. */
while (Atomics.wait(words, 0, 0, 0.25) === 'timed-out') player.play(1);
