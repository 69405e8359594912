/** Random music that uses everything the core has, for tests in which two ways must lead to the same samples. */
import type { Parameter } from '../../engine/registry/address.js';
import { MODULES } from '../../engine/registry/modules.js';
import type { Command } from '../../engine/shared/command.js';
import { MAX_BLOCK_FRAMES } from '../../engine/shared/core-layout.js';
import { isWhole, type ParamRow } from '../../engine/shared/table.js';
import { LOCK_TARGETS, SIXTEENTH, TRACK_FIELDS, type Lock, type Track } from '../../engine/shared/track.js';
import { seeded } from '../helpers/bus.js';
import {
  allParameters,
  at,
  gate,
  makeTrack,
  parameter,
  putLoad,
  putTrack,
  set,
  swing,
  tempo,
  transport,
  type Event,
} from '../helpers/core.js';

export interface PieceOptions {
  readonly frames: number;
  /** Voices it plays; the rig may have more. */
  readonly voices?: number;
  /** Events without those of the start. */
  readonly events?: number;
}

type Random = () => number;

/** The same piece for the same seed. */
export function piece(seed: number, { frames, voices = 16, events = 150 }: PieceOptions): Event[] {
  const random = seeded(seed);
  const whole = (n: number): number => Math.floor(random() * n);
  const pick = <T>(from: readonly T[]): T => from[whole(from.length)]!;
  const parameters = allParameters(voices);
  const targets = parameters.filter(({ row }) => row.modulation);
  const anySet = (): Command & { kind: 'set' } => {
    const parameter = pick(parameters);
    return { kind: 'set', address: parameter.address, value: anyValue(parameter, random, targets, voices) };
  };
  const anyTrack = (): Track => randomTrack(random, voices);
  const bpm = (): number => 100 + 100 * random();
  const anyNote = (): Command => ({
    kind: 'note',
    voice: whole(voices + 1) - 1,
    hz: 40 * 2 ** (6 * random()),
    velocity: Math.max(0, 1.2 * random() - 0.2),
    beats: random() < 0.2 ? 0 : random(),
  });

  // Notes are short enough to be heard, and to end.
  const start: Command[] = [];
  for (let voice = 1; voice <= voices; voice++) {
    start.push(set(`voice${voice}/osc/type`, whole(6)), set(`voice${voice}/freq`, 40 * 2 ** (6 * random())));
    start.push(
      set(`voice${voice}/adsr/release`, 0.01 + 0.2 * random()),
      set(`voice${voice}/pan`, 2 * random() - 1),
    );
    if (random() < 0.5) start.push(set(`voice${voice}/send/${pick(['reverb', 'delay'])}`, random()));
  }
  start.push(set('dist1/mix', random()), set('dist1/drive', random()), set('acid1/voice', 1 + whole(voices)));
  start.push(...Array.from({ length: 20 }, anySet));
  for (let place = 0; place < 4; place++) start.push(...putTrack(place, anyTrack()));
  start.push(tempo(bpm()), swing(random()), transport(true));

  const times = Array.from({ length: events }, () => 1 + whole(frames - 1)).sort((a, b) => a - b);
  const all = at(0, start);
  for (const frame of times) {
    const kind = random();
    if (kind < 0.4) all.push(...at(frame, [anySet()]));
    else if (kind < 0.75)
      all.push(...at(frame, [gate(1 + whole(voices), random() < 0.6, random(), random())]));
    else if (kind < 0.78) all.push(...at(frame, [anyNote()]));
    else if (kind < 0.8)
      all.push(...at(frame, putTrack(whole(6), anyTrack(), random() < 0.3 ? { restart: true } : {})));
    else if (kind < 0.82) all.push(...at(frame, [tempo(bpm())]));
    else if (kind < 0.83)
      all.push(...at(frame, [{ kind: 'tempo', milliBpm: Math.round(1000 * bpm()), beats: 4 * random() }]));
    else if (kind < 0.84)
      all.push(
        ...at(frame, [
          { kind: 'nudge', micros: whole(20000) - 10000 },
          { kind: 'seed', seed: whole(100) },
        ]),
      );
    else if (kind < 0.88) all.push(...at(frame, [swing(random())]));
    else if (kind < 0.91) all.push(...at(frame, [{ kind: 'removeTrack', track: whole(6) }]));
    else if (kind < 0.94) all.push(...at(frame, [{ kind: 'forget', track: whole(6), fields: whole(32) }]));
    else if (kind < 0.96) all.push(...at(frame, [{ kind: 'panic' }, transport(true)]));
    else all.push(...at(frame, [transport(random() < 0.3), transport(true)]));
  }
  const params = Array.from({ length: 10 }, anySet).map(({ address, value }) => [address, value] as const);
  const load = {
    milliBpm: Math.round(1000 * bpm()),
    swing: random(),
    tracks: [anyTrack(), anyTrack()],
    params,
  };
  const waiting = [...putLoad(load), anySet(), ...putTrack(5, anyTrack())];
  const soon = 1 + whole(frames / 2);
  const behind = all.findIndex(({ frame }) => frame > soon);
  const stepEdits = [tempo(bpm()), ...putTrack(4, anyTrack())];
  all.splice(behind < 0 ? all.length : behind, 0, ...at(soon, stepEdits, 'step'));
  const waits = 1 + whole(frames / 2);
  const before = all.findIndex(({ frame }) => frame > waits);
  all.splice(before < 0 ? all.length : before, 0, ...at(waits, waiting, 'bar'));
  return all;
}

const STEPS = ['x', 'x', 'X', '.', '.', '.', '_', 'x?50', 'X*3', 'x*2?70'];
const DIVISIONS = [SIXTEENTH, SIXTEENTH, { up: 2, down: 1 }, { up: 1, down: 2 }, { up: 4, down: 3 }];
const LOCKED = [
  ...['voice1/pan', 'voice2/amp', 'voice1/freq', 'reverb1/mix'].map((path) => parameter(path).address),
  ...Object.values(LOCK_TARGETS),
];

function randomTrack(random: Random, voices: number): Track {
  const some = (x: number): number | undefined => (random() < 0.5 ? x : undefined);
  const steps = 1 + Math.floor(random() * 24);
  return makeTrack({
    // One in nine is mute: no rig has this voice.
    voice: random() < 0.11 ? 257 : 1 + Math.floor(random() * voices),
    pattern: Array.from({ length: steps }, () => STEPS[Math.floor(random() * STEPS.length)]!).join(''),
    length: random() < 0.3 ? 1 + Math.floor(random() * 24) : undefined,
    division: DIVISIONS[Math.floor(random() * DIVISIONS.length)]!,
    muted: random() < 0.1,
    solo: random() < 0.05,
    locks: Array.from({ length: Math.floor(random() * 6) }, (): Lock => {
      const step = Math.floor(random() * steps);
      const place = Math.floor(random() * LOCKED.length);
      return { step, address: LOCKED[place]!, value: random() };
    }),
    notesHz: Array.from({ length: Math.floor(random() * 5) }, () => 30 * 2 ** (6 * random())),
    gateFrac: 1.5 * random(),
    accentBoostHz: 3000 * random(),
    noteIndex: random() < 0.3 ? -1 : Math.floor(random() * 5),
    ...Object.fromEntries(
      TRACK_FIELDS.map(({ field, param }) => {
        const row: ParamRow = MODULES[0]!.params[param]!;
        return [field, some(row.min + (row.max - row.min) * random() ** 2)];
      }),
    ),
  });
}

/** A value in the range of a row: one in four at an end, otherwise anywhere, by its curve. */
export function anyValue(
  { row }: Parameter,
  random: Random,
  targets: readonly Parameter[],
  voices: number,
): number {
  if (row.unit === 'target') {
    const target = targets[Math.floor(random() * targets.length)];
    return random() < 0.1 || !target ? 0 : 1 + target.address;
  }
  const max = row.unit === 'voice' ? voices : row.max;
  const end = random();
  if (end < 0.25) return end < 0.125 ? row.min : max;
  const x =
    row.curve === 'exp' ? row.min * (max / row.min) ** random() : row.min + (max - row.min) * random();
  return isWhole(row) ? Math.round(x) : x;
}

/** Blocks of random length, the same for the same seed. */
export function randomLengths(seed: number): () => number {
  const random = seeded(seed);
  return () => 1 + Math.floor(random() ** 3 * MAX_BLOCK_FRAMES);
}
