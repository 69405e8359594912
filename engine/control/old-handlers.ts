import { findPath } from '../registry/address.js';
import type { Handler, OldAddress } from './handlers.js';
import type { ControlPorts } from './ports.js';
import { DEFAULT_VELOCITY } from './session.js';

/** What /test sets; the filter and the envelope stay as the player has them. */
const TONE: readonly (readonly [path: string, value: number])[] = [
  ['voice1/osc/type', 0],
  ['voice1/freq', 440],
  ['voice1/amp', Math.fround(0.3)],
];

export function oldHandlers({ session }: ControlPorts): Record<OldAddress, Handler> {
  const values = TONE.map(([path, value]) => [findPath(path)?.address ?? NaN, value] as const);
  return {
    '/test': ({ by }) =>
      session.setMany(
        values,
        [{ kind: 'gate', voice: 0, on: true, velocity: DEFAULT_VELOCITY, accent: session.accentOf(0) }],
        // Old clients have no time tags.
        { source: by.source },
      ),
  };
}
