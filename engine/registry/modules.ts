/**
 * Every module of the engine, in the one fixed order: the index is the module type number in parameter addresses,
 * in the core's layout and in journals. New modules are added before the services, never in between.
 */
import { acidTable } from '../../modules/acid/table.js';
import { delayTable } from '../../modules/delay/table.js';
import { distortionTable } from '../../modules/distortion/table.js';
import { lfoTable } from '../../modules/lfo/table.js';
import { limiterTable } from '../../modules/limiter/table.js';
import { meterTable } from '../../modules/meter/table.js';
import { recorderTable } from '../../modules/recorder/table.js';
import { reverbTable } from '../../modules/reverb/table.js';
import { voiceTable } from '../../modules/voice/table.js';
import type { ModuleTable } from '../shared/table.js';

export const MODULES: readonly ModuleTable[] = [
  voiceTable,
  acidTable,
  distortionTable,
  reverbTable,
  delayTable,
  limiterTable,
  lfoTable,
  meterTable,
  recorderTable,
];

/** How many instances of a module an engine with that many voices has. */
export function instancesOf(table: ModuleTable, voices: number): number {
  return table.instances === 'voices' ? voices : table.instances;
}

/** The ids of all instances: voice1, voice2, ..., acid1, ... */
export function instanceIds(table: ModuleTable, voices: number): string[] {
  return Array.from({ length: instancesOf(table, voices) }, (_, i) => `${table.idPrefix}${i + 1}`);
}

/** A module instance by its id. `index` counts from 0 and may lie beyond the instances an engine has. */
export interface Instance {
  readonly type: number;
  readonly table: ModuleTable;
  readonly index: number;
}

export function findInstance(id: string): Instance | undefined {
  const match = /^([a-z]+)([1-9]\d{0,4})$/.exec(id);
  if (!match) return undefined;
  const type = MODULES.findIndex((table) => table.idPrefix === match[1]);
  const table = MODULES[type];
  return table && { type, table, index: Number(match[2]) - 1 };
}
