/** Every route that is not a parameter or a gate: those of the control plane, then those of the modules. */
import { FAULT_ROUTES } from '../control/fault-routes.js';
import { OLD_ROUTES } from '../control/old-routes.js';
import { ENGINE_ROUTES } from '../control/routes.js';
import { PATTERN_ROUTES } from '../patterns/routes.js';
import { SEQUENCE_ROUTES } from '../sequence/routes.js';
import type { RouteRow } from '../shared/table.js';
import { MODULES } from './modules.js';

export const ROUTES: readonly RouteRow[] = [
  ...ENGINE_ROUTES,
  ...FAULT_ROUTES,
  ...OLD_ROUTES,
  ...SEQUENCE_ROUTES,
  ...PATTERN_ROUTES,
  ...MODULES.flatMap((table) => table.routes ?? []),
];

/** Address or alias -> row. */
export const ROUTE_BY_ADDRESS: ReadonlyMap<string, RouteRow> = new Map(
  ROUTES.flatMap((row) => [row.address, ...(row.aliases ?? [])].map((address) => [address, row] as const)),
);
