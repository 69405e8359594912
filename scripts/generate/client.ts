/** The typed methods of the client library (client/generated/api.ts), from the tables. */
import { MODULES } from '../../engine/registry/modules.js';
import { ROUTES } from '../../engine/registry/routes.js';
import {
  isWhole,
  type ArgRow,
  type ModuleTable,
  type ParamRow,
  type RouteRow,
} from '../../engine/shared/table.js';
import { keysOf } from './client-keys.js';

/** The library does these by itself. */
export const OWN = new Set(['/sync', '/subscribe', '/unsubscribe', '/record']);

export function clientSource(): string {
  const routes = ROUTES.filter((row) => !OWN.has(row.address));
  const groups = [...new Set(routes.map(groupOf))].filter((group) => group !== '');
  interfaces.clear();
  const classes = [
    ...groups.map((group) =>
      groupSource(
        group,
        routes.filter((row) => groupOf(row) === group),
      ),
    ),
    apiSource(
      groups,
      routes.filter((row) => groupOf(row) === ''),
    ),
  ];
  return `${[HEAD, ...MODULES.filter(hasParams).map(paramsSource), ...interfaces.values(), ...classes].join('\n\n')}\n`;
}

const HEAD = `// Generated from the tables by \`npm run generate\`. Do not edit.
import { GatedModule, Module, Routes, type Port } from '../port.js';
import type { Answer, Command } from '../sent.js';
import type { Value } from '../values.js';`;

/** The route a method leads to, for tests: `seq.add`, `note`. */
export function methodOf(row: RouteRow): string[] {
  const [, ...parts] = row.address.split('/');
  return parts.length === 1 ? [camel(parts)] : [parts[0] as string, camel(parts.slice(1))];
}

function groupOf({ address }: RouteRow): string {
  const parts = address.split('/');
  return parts.length > 2 ? (parts[1] as string) : '';
}

function camel(parts: readonly string[]): string {
  const [first = '', ...rest] = parts.join('_').split('_');
  return first + rest.map(capital).join('');
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

function hasParams(table: ModuleTable): boolean {
  return Object.keys(table.params).length > 0;
}

function comment(lines: readonly string[], indent: string): string {
  const clean = lines.map((line) => line.replaceAll('*/', '*\\/'));
  if (clean.length === 1) return `${indent}/** ${clean[0]} */`;
  return [`${indent}/**`, ...clean.map((line) => `${indent} * ${line}`), `${indent} */`].join('\n');
}

function paramsSource(table: ModuleTable): string {
  const rows = Object.entries<ParamRow>(table.params).map(
    ([name, row]) => `${comment([paramDoc(row)], '  ')}\n  readonly '${name}': ${paramType(row)};`,
  );
  return `${comment([`Parameters of ${table.type}: ${table.doc}`], '')}\nexport interface ${capital(table.type)}Params {\n${rows.join('\n')}\n}`;
}

function paramDoc(row: ParamRow): string {
  const unit = ['lin', 'pan', 'q', 'bool', 'enum', 'voice', 'target'].includes(row.unit)
    ? ''
    : ` ${row.unit}`;
  if (row.unit === 'target') return `${row.doc} A name, as voice1/filter/freq, or none.`;
  const start = row.words?.[row.default - row.min] ?? row.default;
  return `${row.doc} ${row.min} to ${row.max}${unit}${isWhole(row) ? ', whole' : ''}; ${start} at start.`;
}

function paramType(row: ParamRow): string {
  if (row.unit === 'target') return 'string';
  if (row.unit === 'bool') return 'number | boolean';
  return row.words ? `${union(row.words)} | number` : row.unit === 'voice' ? 'number | string' : 'number';
}

function union(words: readonly string[]): string {
  return words.map((word) => `'${word}'`).join(' | ');
}

/** Interfaces of options, by name; several overloads share one. */
const interfaces = new Map<string, string>();

function optionsName(row: RouteRow, options: readonly string[]): string {
  const at = options.length === 1 && options[0]?.includes(' at?:');
  const name = at ? 'AtOption' : `${methodOf(row).map(capital).join('')}Options`;
  interfaces.set(name, `export interface ${name} {\n${options.join('\n')}\n}`);
  return name;
}

function groupSource(group: string, rows: readonly RouteRow[]): string {
  const methods = rows.map((row) => methodSource(row));
  return `${comment([`/${group}/...`], '')}\nexport class ${capital(group)}Routes extends Routes {\n${methods.join('\n\n')}\n}`;
}

function apiSource(groups: readonly string[], rows: readonly RouteRow[]): string {
  const tables = MODULES.filter(hasParams);
  const single = tables.filter((table) => table.instances === 1);
  const many = tables.filter((table) => table.instances !== 1);
  const fields = [
    ...groups.map((group) => `  readonly ${group}: ${capital(group)}Routes;`),
    ...single.map((table) => `${comment([table.doc], '  ')}\n  readonly ${table.type}: ${handle(table)};`),
  ];
  const made = [
    ...groups.map((group) => `    this.${group} = new ${capital(group)}Routes(port);`),
    ...single.map((table) => `    this.${table.type} = new ${handle(table)}(port, '${table.idPrefix}1');`),
  ];
  const constructor = `  constructor(protected readonly port: Port) {\n${made.join('\n')}\n  }`;
  const modules = many.map(
    (table) =>
      `${comment([table.doc, "@param which Its number, from 1; or a pattern for several: '*', '[1-4]'."], '  ')}\n` +
      `  ${table.type}(which: number | string): ${handle(table)} {\n` +
      `    return new ${table.gate === undefined ? 'Module' : 'GatedModule'}(this.port, \`${table.idPrefix}\${which}\`);\n  }`,
  );
  return `${comment(['Everything an engine has.'], '')}\nexport class Api {\n${[
    fields.join('\n'),
    constructor,
    ...modules,
    ...rows.map((row) => methodSource(row)),
  ].join('\n\n')}\n}`;
}

function handle(table: ModuleTable): string {
  return `${table.gate === undefined ? 'Module' : 'GatedModule'}<${capital(table.type)}Params>`;
}

/** What stands in its place, and what is given by name behind it. */
export interface Arranged {
  readonly positional: readonly ArgRow[];
  readonly options: readonly string[];
  readonly places: readonly string[];
}

/** One optional argument stands in its place; two and more are given by name, as what has a name by itself. */
export function arrange(row: RouteRow, args: readonly ArgRow[]): Arranged {
  const keys = keysOf(row.address);
  const placed = args.filter((arg) => !arg.named && !(arg.rest && keys?.instead));
  const optional = placed.filter((arg) => arg.optional);
  const byName = optional.length > 1 ? optional : [];
  const named = [...byName, ...args.filter((arg) => arg.named)];
  return {
    positional: placed.filter((arg) => !byName.includes(arg)),
    options: [
      ...named.map((arg) => `${comment([argDoc(arg)], '  ')}\n  readonly ${arg.name}?: ${argType(arg)};`),
      ...(keys?.keys ?? []).map(
        ({ name, type, doc }) => `${comment([doc], '  ')}\n  readonly ${name}?: ${type};`,
      ),
    ],
    places: placed.map((arg) => arg.name),
  };
}

function methodSource(row: RouteRow): string {
  const [method] = methodOf(row).slice(-1) as [string];
  const main = arrange(row, row.args);
  const replies = row.reply !== undefined;
  const result = replies ? 'Answer<T>' : 'Command';
  const generic = replies ? '<T = unknown>' : '';
  const signatures = signaturesOf(row, main, row.args).map((given) => ({
    given,
    generic,
    result,
    args: row.args,
    doc: row.doc,
  }));
  if (row.query !== undefined) {
    const doc = `Asks for ${row.query}`;
    for (const one of signatures) one.given = one.given.replace('?:', ':');
    signatures.unshift({ given: '', generic: '', result: 'Answer<number>', args: [], doc });
  }
  for (const form of row.forms ?? [])
    for (const given of signaturesOf(row, arrange(row, form.args), form.args))
      signatures.push({ given, generic: '', result: 'Command', args: form.args, doc: capital(form.doc) });
  const most = [row, ...(row.forms ?? [])].map(({ args }) => arrange(row, args));
  const longest = most.reduce((a, b) => (b.positional.length > a.positional.length ? b : a));
  const shape = `{ address: '${row.address}', places: [${longest.places.map((name) => `'${name}'`).join(', ')}], positional: ${longest.positional.length} }`;
  const asks = replies ? 'ask' : 'command';
  const body =
    row.query === undefined
      ? `    return this.port.${asks}(${shape}, given)${replies ? ' as Answer<T>' : ''};`
      : `    const shape = ${shape};\n    return given.length === 0 ? (this.port.ask(shape, given) as Answer<number>) : this.port.command(shape, given);`;
  const lines = signatures.map(
    ({ given, generic: types, result: type, args, doc }) =>
      `${comment(
        [
          doc,
          ...args
            .filter((arg) => main.positional.includes(arg) || args !== row.args)
            .filter((arg) => !arg.named)
            .map((arg) => `@param ${arg.name} ${argDoc(arg)}`),
          ...(replies ? [`@returns ${row.reply}`] : []),
        ],
        '  ',
      )}\n  ${method}${types}(${given}): ${type};`,
  );
  const last =
    row.query === undefined
      ? `  ${method}${generic}(...given: readonly unknown[]): ${result} {`
      : `  ${method}(...given: readonly unknown[]): Answer<number> | Command {`;
  return `${lines.join('\n')}\n${last}\n${body}\n  }`;
}

/** An optional argument before options may be left out with its place. */
function signaturesOf(row: RouteRow, { positional, options }: Arranged, args: readonly ArgRow[]): string[] {
  const one = (rows: readonly ArgRow[]): string =>
    [
      ...rows.map((arg) => `${arg.name}${arg.optional ? '?' : ''}: ${argType(arg)}`),
      ...(options.length > 0 ? [`options?: ${optionsName(row, options)}`] : []),
    ].join(', ');
  const last = positional.at(-1);
  if (options.length === 0 || !last?.optional || args.length === 0 || row.query !== undefined)
    return [one(positional)];
  return [one(positional), one(positional.slice(0, -1))];
}

function argType({ type, words, rest }: ArgRow): string {
  const single = words && type === 'text' ? union(words) : TYPES[type];
  return rest ? 'Value | readonly Value[]' : single;
}

const TYPES = {
  number: 'number',
  int: 'number',
  text: 'string',
  bool: 'boolean',
  any: 'string | number',
} as const;

function argDoc({ doc, min, max, unit, default: start }: ArgRow): string {
  const about = [
    ...(min !== undefined && max !== undefined
      ? [`${min} to ${max}${unit === undefined || unit === 'lin' ? '' : ` ${unit}`}`]
      : []),
    ...(start !== undefined ? [`default ${start}`] : []),
  ];
  return about.length > 0 ? `${doc} ${capital(about.join(', '))}.` : doc;
}
