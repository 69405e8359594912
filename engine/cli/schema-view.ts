/** The schema for people: one block per kind of module, one line per parameter and route. Pure. */
import type { ModuleSchema, ParamSchema, Schema } from '../registry/schema.js';

export function schemaView({ modules, routes, voices }: Schema): string {
  const kinds = new Map<string, [string, ModuleSchema][]>();
  for (const entry of Object.entries(modules))
    kinds.set(entry[1].type, [...(kinds.get(entry[1].type) ?? []), entry]);
  const blocks = [...kinds.values()].map(moduleBlock);
  const rows = Object.entries(routes).map(([address, { args, doc }]) => {
    const words = args.map(
      ({ name, optional, rest }) => (optional ? `[${name}]` : name) + (rest ? '...' : ''),
    );
    return `  ${[address, ...words].join(' ').padEnd(40)}  ${doc}`;
  });
  return [`${voices} voices`, ...blocks, ['Routes', ...rows].join('\n')].join('\n\n');
}

/** Instances of one kind have the same parameters. */
function moduleBlock(entries: readonly [string, ModuleSchema][]): string {
  const [id, first] = entries[0] as [string, ModuleSchema];
  const last = entries.length > 1 ? ` .. ${entries.at(-1)?.[0] ?? ''}` : '';
  const gate = first.gates.length > 0 ? `  gate: ${first.gates[0] ?? ''}` : '';
  const params = Object.entries(first.params);
  const width = Math.max(0, ...params.map(([name]) => name.length));
  return [
    `${id}${last}  ${first.doc}${gate}`,
    ...params.map(([name, param]) => `  ${name.padEnd(width)}  ${range(param).padEnd(28)}  ${param.doc}`),
  ].join('\n');
}

function range({ min, max, unit, words, type, default: start }: ParamSchema): string {
  if (type === 'text') return `a parameter (${start})`;
  if (words) return `${words.join('|')} (${words[Number(start) - min] ?? start})`;
  const name = ['lin', 'int', 'bool'].includes(unit) ? '' : ` ${unit}`;
  return `${min}..${max}${name} (${start})`;
}
