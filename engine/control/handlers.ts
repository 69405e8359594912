/** What each route does. The type makes the compiler name a route without a handler. */
import type { recorderTable } from '../../modules/recorder/table.js';
import type { PATTERN_ROUTES } from '../patterns/routes.js';
import type { SEQUENCE_ROUTES } from '../sequence/routes.js';
import type { Outcome } from '../shared/outcome.js';
import type { Checked } from './check.js';
import type { Sender } from './dispatch.js';
import { engineHandlers } from './engine-handlers.js';
import { faultHandlers } from './fault-handlers.js';
import type { FAULT_ROUTES } from './fault-routes.js';
import { patternHandlers } from './pattern-handlers.js';
import { oldHandlers } from './old-handlers.js';
import type { OLD_ROUTES } from './old-routes.js';
import type { ControlPorts } from './ports.js';
import { recorderHandlers } from './recorder-handlers.js';
import type { ENGINE_ROUTES } from './routes.js';
import { sequenceHandlers } from './sequence-handlers.js';
import type { Subscribers } from './subscribers.js';
import type { By } from './session.js';

export interface Call extends Checked {
  readonly by: By;
  readonly sender: Sender;
}

/** The value is answered as JSON where the route has a reply. */
export type Answer = Outcome<unknown>;

/**
 * At once; or a promise, whose answer comes when it comes while other messages go on; or `hold`: no message is looked
 * at before it is done, for what changes the state that later messages build on.
 */
export type Result = Answer | Promise<Answer> | { readonly hold: Promise<Answer> };
export type Handler = (call: Call) => Result;

/** `/sync` is answered by the dispatcher: it speaks about the messages before it. */
export type EngineAddress = Exclude<(typeof ENGINE_ROUTES)[number]['address'], '/sync'>;
export type FaultAddress = (typeof FAULT_ROUTES)[number]['address'];
export type OldAddress = (typeof OLD_ROUTES)[number]['address'];
export type SequenceAddress = (typeof SEQUENCE_ROUTES)[number]['address'];
export type PatternAddress = (typeof PATTERN_ROUTES)[number]['address'];
export type RecorderAddress = (typeof recorderTable)['routes'][number]['address'];
export type RouteAddress =
  EngineAddress | FaultAddress | OldAddress | SequenceAddress | PatternAddress | RecorderAddress;

/** What only the dispatcher knows. */
export interface Ledger {
  counters(): object;
  unknownRoutes(): readonly string[];
}

export function handlers(
  ports: ControlPorts,
  ledger: Ledger,
  subscribers: Subscribers,
): Readonly<Record<RouteAddress, Handler>> {
  return {
    ...engineHandlers(ports, ledger),
    ...faultHandlers(ports, subscribers),
    ...oldHandlers(ports),
    ...sequenceHandlers(ports),
    ...patternHandlers(ports),
    ...recorderHandlers(ports),
  };
}
