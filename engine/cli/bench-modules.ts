/**
 * What each module costs: one rig with it and one without, in turns. Through the real path, so it is what a player pays,
 * with the passes over memory that belong to it.
 */
import type { CoreBuild } from '../slot/core-host.js';
import { BLOCK_FRAMES, SAMPLE_RATE, saws, silentRig, type BenchRig } from './bench-rig.js';
import { inTurns, medianOf, rounded, type Turns } from './bench-turns.js';

export interface ModuleFigures {
  /** At work: microseconds a block of 256 frames. */
  readonly workUs: number;
  /** The same in the scalar build. */
  readonly scalarUs: number;
  /** With sound going through it, all its parameters at their defaults and no sends: what is saved by its bypass. */
  readonly defaultUs: number;
}

/** Few, so that the difference is not lost in what they cost. */
const VOICES = 4;
const TURNS = 9;

interface Case {
  readonly name: string;
  readonly id: string;
  /** What the rig with it has more than the one without. */
  readonly work: Readonly<Record<string, number>>;
  /** True: without it means that it is bypassed, since it is always in the path. */
  readonly always?: boolean;
}

const CASES: readonly Case[] = [
  { name: 'lfo', id: 'lfo1', work: { 'lfo1/depth': 0.7, 'lfo1/rate': 4 } },
  {
    name: 'acid',
    id: 'acid1',
    work: { 'acid1/voice': 1, 'acid1/mix': 1, 'acid1/res': 0.8, 'acid1/drive': 0.5, 'acid1/decay': 1 },
  },
  { name: 'distortion', id: 'dist1', work: { 'dist1/mix': 1, 'dist1/drive': 0.5 } },
  { name: 'reverb', id: 'reverb1', work: sends('reverb') },
  { name: 'delay', id: 'delay1', work: sends('delay') },
  { name: 'limiter', id: 'limiter1', work: loud(), always: true },
];

function sends(bus: string): Record<string, number> {
  return Object.fromEntries(Array.from({ length: VOICES }, (_, i) => [`voice${i + 1}/send/${bus}`, 0.5]));
}
/** Some 10 dB too much. */
function loud(): Record<string, number> {
  return Object.fromEntries(Array.from({ length: VOICES }, (_, i) => [`voice${i + 1}/amp`, 1]));
}

interface Work {
  readonly name: string;
  readonly us: number;
}

/** By name: four voices (a vector of them), then what stands behind them. `seconds`: of sound for each rig. */
export function benchModules(seconds: number): Record<string, ModuleFigures> {
  const simd = atWork('simd', seconds);
  const scalar = atWork('scalar', seconds);
  const defaults = atDefaults(seconds);
  return Object.fromEntries(
    simd.map(({ name, us }, i): [string, ModuleFigures] => [
      name,
      // What the voices do by default is what they do at work.
      { workUs: us, scalarUs: scalar[i]?.us ?? NaN, defaultUs: (i === 0 ? us : defaults[i]?.us) ?? NaN },
    ]),
  );
}

function atWork(build: CoreBuild, seconds: number): readonly Work[] {
  const base = saws(VOICES, { build });
  const withIt = CASES.map(({ work }) => saws(VOICES, { build }).set(work));
  const without = CASES.map(({ id, work, always }) =>
    always ? saws(VOICES, { build }).set(work).bypass(id) : base,
  );
  const silent = silentRig(VOICES, build);
  return differences([base, ...withIt], [silent, ...without], seconds);
}

function atDefaults(seconds: number): readonly Work[] {
  const base = saws(VOICES, { still: false });
  return differences(
    [base, ...CASES.map(() => base)],
    [silentRig(VOICES), ...CASES.map(({ id }) => saws(VOICES, { still: false }).bypass(id))],
    seconds,
  );
}

/** Each rig is measured once a turn, however often it is named. */
function differences(
  withIt: readonly BenchRig[],
  without: readonly BenchRig[],
  seconds: number,
): readonly Work[] {
  const rigs = [...new Set([...withIt, ...without])];
  const blocks = Math.max(20, Math.round((seconds * SAMPLE_RATE) / BLOCK_FRAMES / TURNS));
  const figures = inTurns(
    rigs.map(({ render }) => render),
    { turns: TURNS, blocks },
  );
  const of = (rig: BenchRig | undefined): Turns => figures[rig ? rigs.indexOf(rig) : -1] ?? [];
  return ['4 voices', ...CASES.map(({ name }) => name)].map((name, i) => {
    const us = medianOf(of(withIt[i]), of(without[i]), (a, b) => a - b);
    return { name, us: rounded(Math.max(0, us), 2) };
  });
}
