/** The text of docs/OSC.md, from the tables. */
import { isWhole, type ArgRow, type ModuleTable, type ParamRow, type RouteRow } from '../shared/table.js';
import { GATE_ALIASES, MODULE_ALIASES, PARAM_ALIASES } from './aliases.js';
import { MODULES } from './modules.js';
import { ROUTES } from './routes.js';

export const DOCS_COMMAND = 'npm run generate';
const SEND = 'oscsend localhost 5005';

export function oscDocs(): string {
  return `${[HEAD, ...routesPart(), ...MODULES.flatMap(modulePart), ...aliasPart()].join('\n')}\n`;
}

const HEAD = `<!-- Generated from the tables by \`${DOCS_COMMAND}\`. Do not edit. -->

# OSC reference

UDP port 5005. Every address below comes from a table in \`modules/\` or a route list in \`engine/\`.

## How it answers

| What is sent | What comes back, to the sender only |
|---|---|
| a query | \`<address>/reply\` with one text, a JSON document |
| an answer over 8 KB | several messages \`<address>/reply\`, each with three arguments: piece of the text, number of the page from 1, number of pages; the pieces in order are the document |
| \`/mod/<module>/<parameter>\` without argument | \`<address>/reply\` with the value: a number, or the name of a target |
| \`/sync id\` | \`/synced id\`, when everything sent before has been applied |
| a number out of range | \`/warn\` with the address and one sentence; the nearest value is set |
| what cannot be done | \`/error\` with six texts: code, address, what came, what is allowed, nearest names, the mend; nothing is changed |

Commands that change something and succeed are not answered; send \`/sync\` after them to know.

## What it takes

- Numbers as \`i\`, \`h\`, \`f\`, \`d\`, \`T\`/\`F\` (1/0) or as text (\`"440"\`). Not finite: refused.
- Parameters with words take the word or its number. An argument on a route that takes none is ignored.
- Gates open for numbers above 0, \`on\`, \`true\`; they close for 0 and below, \`off\`, \`false\`.
- Bundles, also nested. A time tag in the future is kept for parameters, gates, tempo and transport; the past is now. Some
  4000 can wait for their frame; what is more is refused with \`/error E_QUEUE\`.
- Great bursts: the system may drop datagrams before the engine sees them, and nobody can answer those. \`udp_dropped\` in
  \`/engine/status\` counts them where the system tells; a bundle carries hundreds of messages in one datagram.
- Patterns (\`*\`, \`?\`, \`[1-4]\`, \`[!a]\`, \`{a,b}\`) under \`/mod\` and \`/gate\`: every address that fits is set.
- Messages act in the order in which they arrive.
`;

function routesPart(): string[] {
  return ['## Routes', '', ...ROUTES.flatMap(routePart)];
}

function routePart(row: RouteRow): string[] {
  const usage = row.args
    .map((arg) => (arg.optional ? `[${arg.name}]` : arg.name) + (arg.rest ? '...' : ''))
    .join(' ');
  const lines = [`### \`${`${row.address} ${usage}`.trim()}\``, '', row.doc];
  if (row.aliases?.length) lines.push('', `Also: ${row.aliases.map((alias) => `\`${alias}\``).join(', ')}.`);
  if (row.reply !== undefined) lines.push('', `Answers: ${row.reply}`);
  if (row.args.length > 0) {
    lines.push('', '| Argument | Type | Range | Default | Meaning |', '|---|---|---|---|---|');
    for (const arg of row.args) {
      lines.push(
        `| ${arg.name} | ${arg.type} | ${argRange(arg)} | ${arg.default ?? ''} | ${cell(arg.doc)} |`,
      );
    }
  }
  return [...lines, '', '    ' + oscsend(row.address, row.example), ''];
}

function argRange(arg: ArgRow): string {
  if (arg.words) return arg.words.join(', ');
  if (arg.min === undefined || arg.max === undefined) return '';
  const unit = arg.unit === undefined || arg.unit === 'lin' ? '' : ` ${arg.unit}`;
  return `${arg.min} to ${arg.max}${unit}`;
}

function modulePart(table: ModuleTable): string[] {
  const ids = table.instances === 'voices' ? `${table.idPrefix}1, ${table.idPrefix}2, ...` : idRange(table);
  const lines = [`## ${ids}`, '', table.doc];
  if (table.notes !== undefined) lines.push('', table.notes);
  if (table.latencyFrames > 0)
    lines.push('', `Delay: ${table.latencyFrames} frames, the same for all settings.`);
  const id = `${table.idPrefix}1`;
  if (table.gate !== undefined) {
    lines.push('', `\`/gate/${id}\`: ${table.gate}`, '', '    ' + oscsend(`/gate/${id}`, [1]));
  }
  const rows = Object.entries<ParamRow>(table.params);
  if (rows.length === 0) return [...lines, ''];
  lines.push('', `| \`/mod/${id}/...\` | Unit | Range | Default | Curve | Smoothing | Modulated | Meaning |`);
  lines.push('|---|---|---|---|---|---|---|---|', ...rows.map(([name, row]) => paramLine(name, row)));
  for (const [instance, values] of Object.entries(table.instanceDefaults ?? {})) {
    const list = Object.entries(values).map(([name, value]) => `${name} ${value}`);
    lines.push('', `\`${instance}\` starts with ${list.join(', ')}.`);
  }
  return [
    ...lines,
    '',
    ...rows.map(([name, row]) => '    ' + oscsend(`/mod/${id}/${name}`, [paramExample(row)])),
    '',
  ];
}

function idRange(table: ModuleTable): string {
  const ids = Array.from({ length: Number(table.instances) }, (_, i) => `${table.idPrefix}${i + 1}`);
  return ids.join(', ');
}

function paramLine(name: string, row: ParamRow): string {
  const words = row.words?.map((word, i) => `${i + row.min} ${word}`).join(', ');
  const range = row.unit === 'target' ? 'a name' : (words ?? `${row.min} to ${row.max}`);
  const start = row.unit === 'target' ? 'none' : row.words ? row.words[row.default - row.min] : row.default;
  const smooth = row.smoothMs === 0 ? 'none' : `${row.smoothMs} ms`;
  const modulated = row.modulation ? `${row.modulation.by} ${row.modulation.span}` : '';
  return `| ${name} | ${row.unit} | ${range} | ${start} | ${row.curve ?? 'linear'} | ${smooth} | ${modulated} | ${cell(row.doc)} |`;
}

/** A value inside the range that differs from the default. */
export function paramExample(row: ParamRow): number | string {
  if (row.unit === 'target') return 'voice1/filter/freq';
  if (row.words) return row.words[row.words.length - 1] as string;
  const middle = row.curve === 'exp' ? Math.sqrt(row.min * row.max) : (row.min + row.max) / 2;
  const value = isWhole(row) ? (row.default === row.max ? row.min : row.max) : Number(middle.toPrecision(2));
  if (isWhole(row)) return row.unit === 'voice' ? 1 : value;
  return value === row.default ? Number(((middle + row.max) / 2).toPrecision(2)) : value;
}

function oscsend(address: string, values: readonly (string | number)[]): string {
  const tags = values
    .map((value) => (typeof value === 'string' ? 's' : Number.isInteger(value) ? 'i' : 'f'))
    .join('');
  const texts = values.map((value) => (typeof value === 'string' ? quote(value) : String(value)));
  return [SEND, address, ...(tags ? [tags, ...texts] : [])].join(' ');
}

function quote(text: string): string {
  return /^[\w./:=-]+$/.test(text) ? text : `"${text}"`;
}

function cell(text: string): string {
  return text.replace(/\|/g, '\\|');
}

function aliasPart(): string[] {
  const lines = ['## Old names that still work', '', '| Sent | Means |', '|---|---|'];
  for (const [id, alias] of Object.entries(MODULE_ALIASES)) {
    for (const [from, to] of Object.entries(alias.params))
      lines.push(`| \`/mod/${id}/${from}\` | \`/mod/${alias.id}/${to}\` |`);
  }
  for (const [from, to] of Object.entries(GATE_ALIASES))
    lines.push(`| \`/gate/${from}\` | \`/gate/${to}\` |`);
  for (const [from, to] of Object.entries(PARAM_ALIASES)) {
    lines.push(
      `| \`${from}\` as the last part of a parameter | \`${to.join('` or `')}\`, whichever the module has |`,
    );
  }
  return [...lines, '', 'ADSR times are seconds everywhere.'];
}
