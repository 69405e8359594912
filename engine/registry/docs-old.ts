/** For people who know Music Chronus: every old name, and what is different now. Part of docs/OSC.md. */
import type { ParamRow } from '../shared/table.js';
import { findPath } from './address.js';
import { ADDRESS_ALIASES, GATE_ALIASES, MODULE_ALIASES, PARAM_ALIASES, type ModuleAlias } from './aliases.js';
import { ROUTES } from './routes.js';

export function oldPart(): string[] {
  return [
    '## Coming from Music Chronus',
    '',
    'Its client programs, songs and slot files work unchanged, those of the second generation (one engine on port 5005)',
    'and of the first (modules named sine, filter, adsr; not yet `/patch/...`) alike. What printed on the terminal of the engine is answered to',
    'the sender now, and told in the log of the engine where it concerns a person there.',
    '',
    '### Old names that still work',
    '',
    '| Sent | Means | Its numbers |',
    '|---|---|---|',
    ...Object.entries(MODULE_ALIASES).flatMap(([id, alias]) => moduleLines(id, alias)),
    ...Object.entries(ADDRESS_ALIASES).map(([from, path]) => line(from, `/mod/${path}`, numbers(path))),
    ...Object.entries(GATE_ALIASES).map(([from, to]) => line(`/gate/${from}`, `/gate/${to}`, '')),
    ...ROUTES.flatMap((row) => (row.aliases ?? []).map((alias) => line(alias, row.address, ''))),
    ...Object.entries(PARAM_ALIASES).map(
      ([from, to]) =>
        `| \`${from}\` as the last part of a parameter | \`${to.join('` or `')}\`, whichever the module has | |`,
    ),
    '',
    'Old names are answered with their own address and in their own unit. Address patterns reach the names of today only.',
    '',
    '### What every old address does now',
    '',
    '| Old address | Now |',
    '|---|---|',
    ...OLD.map(([old, now]) => `| ${old} | ${now} |`),
    '',
    '### What is different',
    '',
    '| Before | Now |',
    '|---|---|',
    ...DIFFERENT.map(([before, now]) => `| ${before} | ${now} |`),
  ];
}

function moduleLines(id: string, { id: voice, params, scales = {} }: ModuleAlias): string[] {
  return Object.entries(params).map(([from, to]) => {
    const path = `${voice}/${to}`;
    return line(
      `/mod/${id}/${from}`,
      `/mod/${path}`,
      numbers(path, scales[from]?.unit, scales[from]?.factor),
    );
  });
}

function line(from: string, to: string, what: string): string {
  return `| \`${from}\` | \`${to}\` | ${what} |`;
}

function numbers(path: string, unit?: string, factor = 1): string {
  const row: ParamRow | undefined = findPath(path)?.row;
  if (!row) throw new Error(`an old name leads to ${path}, which does not exist`);
  const [min, max] = [row.min / factor, row.max / factor].map((x) => Number(x.toPrecision(6)));
  const name = unit === undefined ? (row.unit === 'lin' || row.unit === 'q' ? '' : row.unit) : `**${unit}**`;
  return `${min} to ${max} ${name}`.trim();
}

type Lines = readonly (readonly [before: string, now: string])[];

/** Families of addresses, with what is worth knowing of each. */
const OLD: Lines = [
  [
    '`/mod/voiceN/...`, `/mod/acid1/...`, `/mod/reverb1/...`, `/mod/delay1/...`, `/mod/dist1/...`',
    'The same. A value out of range is clamped as before, and told with `/warn`.',
  ],
  [
    '`/mod/acid1/accent`, `cutoff_offset`, `res_accent_boost`, `accent_decay`',
    'They work; before, they did nothing.',
  ],
  [
    '`/mod/lfoN/rate`, `depth`, `shape`, `offset`',
    'The same; shape, offset and the new `target` are real. Depth 0 changes nothing.',
  ],
  [
    '`/mod/voiceN/osc/type`',
    'The same numbers, and words. A number above 5 gives brown noise (5), not the sine.',
  ],
  ['`/gate/voiceN`, `/gate/acid1`', 'The same. `on`, `off`, `true`, `false` and numbers as text work too.'],
  ['`/gate/<other>`', 'Refused; before, it was counted among the open gates.'],
  [
    '`/seq/add` and its key=value forms',
    'The same, also `notes=60` and `note_index=2`. An unknown key is refused; the track is not added.',
  ],
  [
    '`/seq/remove`, `/seq/clear`, `/seq/start`, `/seq/update/...`',
    'The same; `at=step` and `at=bar` wait. No note is left hanging.',
  ],
  [
    '`/seq/stop`',
    'Closes every voice in 5 ms, also while the sequencer stands; before, voices were left to their release.',
  ],
  ['`/seq/bpm`, `/seq/swing`', 'The same ranges (30 to 300; 0 to 0.6); without arguments they answer.'],
  [
    '`/seq/create`, `config`, `pattern`, `param_lane`, `assign`, `gate_len`, `reset`, `reset_all`; `/seq/start ID`, `stop ID`, `bpm ID BPM`',
    'The sequencers of the first generation are tracks: stop mutes one, a tempo of its own is a division, a lane becomes locks.',
  ],
  [
    '`/pattern/save`, `/pattern/load`, `/pattern/list`',
    'Slots 1 to 128; the name given with a save is kept.',
  ],
  ['`/engine/start`, `/engine/stop`', 'The same; an argument is ignored.'],
  [
    '`/engine/status`, `/engine/list`, `/engine/schema`, `/seq/status`, `/record/status`',
    'Answered at `<address>/reply` as JSON.',
  ],
  [
    '`/engine/record/start`, `stop`, `status`; `/record/start`, `stop`, `status`',
    'One recorder for both families: 24-bit stereo WAV, never overwritten, `.wav` is added.',
  ],
  [
    '`/mod/sine/...`, `/mod/filter/...`, `/mod/adsr/...`, `/gate/adsr`',
    'voice1. **Times of `adsr` are milliseconds, of `adsr1` seconds.**',
  ],
  ['`/engine/freq`, `/engine/gain`', 'Pitch and level of voice1, in the range of the voice.'],
  ['`/test`', 'The test tone on voice1: sine, 440 Hz, 0.3, gate open.'],
  [
    '`/mod/filter/mode`, `filter_mode`',
    'The kind of filter of voice1, by the numbers of old: 0 low-pass, 1 high-pass, 2 band-pass (3 notch is new). `filter/type` itself counts otherwise: words are the same on both.',
  ],
  [
    '`/patch/...` and the modules made by it (osc1, env1, filt1)',
    'Refused: they are not there yet. The error names what resembles them.',
  ],
  [
    '`/mod/voiceN/wave`, `/mod/adsr1/freq`, `/test/unknown/route` and whatever else does not exist',
    'Without effect as before; the sender gets `/error` with the nearest names. Listed in the schema as `unknown_routes`.',
  ],
];

const DIFFERENT: Lines = [
  ['Messages of one burst could overtake each other.', 'They act in the order in which they arrive.'],
  ['NaN set a parameter to its maximum.', 'What is not finite is refused and changes nothing.'],
  ['`off` as text opened a gate of the first generation.', 'It closes it.'],
  [
    'A pattern like `/seq/*` fired every route of the family; `voice*` in a module id did nothing.',
    'Patterns work under `/mod` and `/gate`, and nowhere else.',
  ],
  [
    'A missing argument was ignored, or meant 0 or off.',
    'A parameter without argument answers its value; everything else is refused with an example.',
  ],
  [
    '`adsr1` was in milliseconds in the first generation and in seconds in the second.',
    'Seconds. A number above the range is clamped, and the warning names `adsr`, which takes milliseconds.',
  ],
  [
    'Integers in note lists were MIDI numbers of any size; blanks joined notes to one.',
    'Blanks and commas separate. Above 127 is Hz; 0 to 127 is MIDI, unless the same list holds a decimal point or a number above 127: then all numbers are Hz. `49hz` forces Hz.',
  ],
  [
    'Each hit overwrote amp, filter and sends of its voice with the defaults of the track.',
    'The last writer wins: what a track was not given, the voice keeps; a later `/mod` holds until the track is given the value again.',
  ],
  [
    'The filter of voice2 could not be heard: acid1 took the sound before it.',
    'acid1 replaces the filter of the voice it is assigned to (`/mod/acid1/voice`, 2 at the start; 0: none), and `mix` fades back to it. The filter of a track never moves `acid1/cutoff`.',
  ],
  [
    'Swing delayed the on-beats and slowed the tempo.',
    'It delays the off-beats by 0.5 x swing x step and keeps the tempo.',
  ],
  ['Every note lasted one step, whatever `gate_frac` said.', '`gate_frac` is exact.'],
  [
    'Sequenced notes on voice2 did not fire the acid envelope; accents did nothing.',
    'They fire it, and accents are heard.',
  ],
  [
    'A load changed the modules at once and the sequencer at the bar, and went on in the middle of it.',
    'All of it at the bar, from its first step; `immediate` or a standing sequencer: at once. All or nothing.',
  ],
  ['`/seq/clear` left notes hanging; a bad track silenced those behind it.', 'Neither happens.'],
  [
    'Sends returned part of the dry signal; mix 0 was all dry.',
    'Sends carry wet signal only; mix 0 is silence of the effect.',
  ],
  [
    '`engine_log.txt` on disk.',
    'Notices go to the standard error of the engine; the journal keeps every command.',
  ],
  [
    '4 voices by default, 16 at most.',
    '16 by default, up to 256. Voices an engine lacks: tracks are mute, `/mod` and `/gate` are refused with the mend.',
  ],
];
