/** The text of docs/OSC.md, from the tables. */
import {
  isWhole,
  usageOf,
  type ArgRow,
  type ModuleTable,
  type ParamRow,
  type RouteRow,
} from '../shared/table.js';
import { oldPart } from './docs-old.js';
import { sequencerPart } from './docs-sequencer.js';
import { MODULES } from './modules.js';
import { ROUTES } from './routes.js';

export const DOCS_COMMAND = 'npm run generate';
const SEND = 'oscsend localhost 5005';

export function oscDocs(): string {
  return `${[HEAD, ...sequencerPart(), ...routesPart(), ...MODULES.flatMap(modulePart), ...oldPart()].join('\n')}\n`;
}

const HEAD = `<!-- Generated from the tables by \`${DOCS_COMMAND}\`. Do not edit. -->

# OSC reference

Port 5005, UDP and TCP. Every address below comes from a table in \`modules/\` or a route list in \`engine/\`.

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
- All type tags of OSC 1.0 and 1.1: \`i f s S b h d t T F N I c r m\` and lists \`[ ]\`, up to 16 deep. What a route has no use
  for is skipped at the end of its arguments and refused in the place of one that it needs. A message with another tag is
  refused (\`E_TYPE\`), the others of its bundle are done.
- Patterns (\`*\`, \`?\`, \`[1-4]\`, \`[!a]\`, \`{a,b}\`) under \`/mod\` and \`/gate\`: every address that fits is set.
- Messages act in the order in which they arrive.

## How it travels

| | |
|---|---|
| UDP | one message or bundle to a datagram, up to 65 507 bytes; answers go to the port it came from |
| TCP | the same port number; OSC 1.0 framing (each packet behind its length as int32) or OSC 1.1 framing (SLIP), as the first byte of the connection shows; answers come back on the connection in the same framing |

- The engine listens on this machine only, unless it is started with \`--osc-host\`.
- Great bursts over UDP: the system may drop datagrams before the engine sees them, and nobody can answer those.
  \`udp_dropped\` in \`/engine/status\` counts them where the system tells; a bundle carries hundreds of messages in one
  datagram, and TCP loses none.
- A TCP client that closes its side is answered, then the connection ends. 64 connections at a time; when they are taken, one
  that was silent for a minute and listens to nothing makes room. A client that leaves 4 MB of answers unread, a packet that
  is not whole within 30 s, and a stream that is no OSC end the connection; \`tcp.closed\` in \`/engine/status\` counts why.

## When it acts

- Without a time tag, or with the tag "immediately" (0 or 1): with the next block that is rendered.
- A time tag ahead: parameters, gates, notes, tempo, transport and edits of tracks act at its exact frame; a load acts at once
  or at its bar, and what answers acts on arrival. Some 4000 can wait, 128 edits of tracks among them; more are refused
  (\`/error E_QUEUE\`). More than an hour ahead is refused (\`/error E_TIME\`).
- A time tag whose frame is rendered already is late: it acts at once, is counted (\`late\` in \`/engine/status\`) and told with
  \`/warn E_LATE\` and by how much, to one sender at most once a second. The engine renders ahead (\`--lead\`, 16 ms), so a tag
  of this very moment is late too: send about 50 ms ahead.
- Bundles in bundles, up to 32 deep: each acts at its own time, and not before the one around it.

## What it tells

\`/subscribe <pattern>\` asks for these; it ends with \`/unsubscribe\`, when its time is over, when the TCP connection is closed,
and when the UDP port of a client on this machine is (seen within some seconds).

| Address | Arguments | When |
|---|---|---|
| \`/engine/fault\` | kind, sentence, JSON | something failed and was dealt with |
| \`/seq/step\` | step from 0 since the start, bar from 0 | each step, when it is rendered: before it is heard, by the latency in \`/engine/status\` |
| \`/recording/state\` | id, \`STARTING\` \`RECORDING\` \`STOPPING\` \`IDLE\` \`ERROR\`, time (ISO 8601) | a take changes |
| \`/recording/progress\` | id, seconds, bytes | once a second for each take |
| \`/recording/error\` | id, code, sentence | a take failed |
| \`/recording/warning\` | id, code, sentence | a take goes on, and something should be looked after: the disk is nearly full |
| \`/recording/recovered\` | path, sentence | a take that an engine before this one could not end has been completed |
| \`/viz/levels\` | a number 0..1 for each voice, voice1 first | ten times a second: the peak of each voice since the last time |
| \`/viz/spectrum\` | eight numbers 0..1: 63, 125, 250, 500, 1000, 2000, 4000, 8000 Hz | right behind |

The last two go to UDP port 5006 of this machine without being asked for (\`--viz-port\`; 0: nowhere).

\`engine_status.txt\` in the home holds, ten times a second, one line for old clients:
\`AUDIO: <peak> | MSG: <gate messages> | GATES: <open gates> | REC: <REC or ---> | LAST: <last gate message> | TIME: HH:MM:SS\`.
`;

function routesPart(): string[] {
  return ['## Routes', '', ...ROUTES.flatMap(routePart)];
}

function routePart(row: RouteRow): string[] {
  const usage = usageOf(row.args);
  const lines = [`### \`${`${row.address} ${usage}`.trim()}\``, '', row.doc];
  if (row.aliases?.length) lines.push('', `Also: ${row.aliases.map((alias) => `\`${alias}\``).join(', ')}.`);
  if (row.reply !== undefined) lines.push('', `Answers: ${row.reply}`);
  if (row.query !== undefined) lines.push('', `Without arguments it answers: ${row.query}`);
  lines.push(...argTable(row.args), '', '    ' + oscsend(row.address, row.example), '');
  for (const form of row.forms ?? []) {
    lines.push(`Or \`${row.address} ${usageOf(form.args)}\`: ${form.doc}`, ...argTable(form.args), '');
    lines.push('    ' + oscsend(row.address, form.example), '');
  }
  return lines;
}

function argTable(args: readonly ArgRow[]): string[] {
  if (args.length === 0) return [];
  const rows = args.map(
    (arg) =>
      `| ${arg.named ? `${arg.name}=` : arg.name} | ${arg.type} | ${argRange(arg)} | ${arg.default ?? ''} | ${cell(arg.doc)} |`,
  );
  return ['', '| Argument | Type | Range | Default | Meaning |', '|---|---|---|---|---|', ...rows];
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
