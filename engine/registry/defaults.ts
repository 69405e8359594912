/** What every parameter is when an engine starts. */
import type { ParamRow } from '../shared/table.js';
import { MAX_VOICES } from '../shared/core-layout.js';
import { inCore, parameters, type Parameter } from './address.js';
import { MODULES } from './modules.js';
import { targetCode } from './target.js';

/** Address -> value, for every parameter the core of an engine with that many voices holds. */
export function defaults(voices: number): Map<number, number> {
  const all = [...parameters(voices)].filter(inCore);
  return new Map(all.map((parameter) => [parameter.address, defaultOf(parameter, voices)]));
}

/** The start value of one parameter. A default target on a voice the engine lacks is none. */
export function defaultOf(parameter: Parameter, voices: number): number {
  const special = MODULES[parameter.type]?.instanceDefaults?.[parameter.id]?.[parameter.name];
  if (typeof special === 'number') return special;
  if (special === undefined) return parameter.row.default;
  const code = targetCode(special, voices);
  return typeof code === 'number' ? code : parameter.row.default;
}

checkInstanceDefaults();

/** Throws when a table names an instance, parameter, range or target that does not exist. Runs once, at import. */
function checkInstanceDefaults(): void {
  const voices = MAX_VOICES;
  const all = new Map([...parameters(voices)].map((parameter) => [parameter.path, parameter]));
  for (const table of MODULES) {
    for (const [id, values] of Object.entries(table.instanceDefaults ?? {})) {
      for (const [name, value] of Object.entries(values)) {
        const row: ParamRow | undefined = all.get(`${id}/${name}`)?.row;
        const good =
          typeof value === 'number'
            ? row && value >= row.min && value <= row.max
            : row?.unit === 'target' && typeof targetCode(value, voices) === 'number';
        if (!good)
          throw new Error(
            `table '${table.type}', instanceDefaults: '${id}/${name}' = ${value} is impossible`,
          );
      }
    }
  }
}
