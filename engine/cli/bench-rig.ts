/** Speed of the rig against a fixed yardstick, in turns within one run. */
import { readFileSync } from 'node:fs';
import { encodeEntry, ENTRY_WORDS, NOW, type Command } from '../shared/command.js';
import { findPath } from '../registry/address.js';
import { MODULES } from '../registry/modules.js';
import { compileCore, CoreHost, createCoreMemory } from '../slot/core-host.js';

const SAMPLE_RATE = 48000;
const BLOCK_FRAMES = 256;
const BLOCK_US = (BLOCK_FRAMES / SAMPLE_RATE) * 1e6;
const CELLS_PER_BLOCK = BLOCK_FRAMES / 16;
const TURNS = 8;

export interface RigFigures {
  readonly voices: number;
  readonly seconds: number;
  /** Seconds of audio per second of user CPU, one core. */
  readonly rtf: number;
  readonly blockUs: number;
  readonly yardstickBlockUs: number;
  readonly yardstickRtf: number;
  /** Speed of the rig divided by that of the yardstick (median over turns); 1 = as fast. */
  readonly ratioToYardstick: number;
  /** Cost of silence after sound divided by the cost of sound. */
  readonly silenceToSound: number;
  /** The same for the releases themselves, 0.5 s in which every envelope falls. */
  readonly releaseToSound: number;
  readonly modulesUs: Readonly<Record<string, number>>;
}

/** Microseconds of user CPU per call. */
function cost(calls: number, call: () => void): number {
  const before = process.cpuUsage().user;
  for (let i = 0; i < calls; i++) call();
  return (process.cpuUsage().user - before) / calls;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}

/** Sustained saws with both sends, all effects at work: what the yardstick's voices do, and the rest of the rig. */
function soundingRig(voices: number): CoreHost {
  const core = new CoreHost({
    module: compileCore(),
    sampleRate: SAMPLE_RATE,
    voices,
    blockFrames: BLOCK_FRAMES,
  });
  const commands: Command[] = [];
  const set = (path: string, value: number): void => {
    const parameter = findPath(path);
    if (parameter) commands.push({ kind: 'set', address: parameter.address, value });
  };
  set('lfo1/depth', 0);
  set('lfo2/depth', 0);
  set('acid1/voice', 0);
  for (let v = 0; v < voices; v++) {
    set(`voice${v + 1}/freq`, 55 * 2 ** ((v % 48) / 12));
    set(`voice${v + 1}/osc/type`, 1);
    set(`voice${v + 1}/amp`, 0.02);
    set(`voice${v + 1}/send/reverb`, 0.2);
    set(`voice${v + 1}/send/delay`, 0.2);
    commands.push({ kind: 'gate', voice: v, on: true, velocity: 1, accent: 0 });
  }
  apply(core, commands);
  return core;
}

function apply(core: CoreHost, commands: readonly Command[]): void {
  const words = new Int32Array(Math.max(commands.length, 1) * ENTRY_WORDS);
  commands.forEach((command, i) => encodeEntry({ command, when: NOW, source: 0 }, words, i * ENTRY_WORDS));
  core.render(words, 0, commands.length);
}

const NOTHING = new Int32Array(ENTRY_WORDS);

export function benchRig(voices: number, seconds: number, tell: (share: number) => void): RigFigures {
  const core = soundingRig(voices);
  const yardstick = openYardstick();
  const groups = Math.ceil(voices / 4);
  yardstick.start(groups);
  const render = (): void => core.render(NOTHING, 0, 0);
  const measure = (): void => yardstick.block(groups);
  cost(400, render);
  cost(400, measure);
  const blocks = Math.max(20, Math.round((seconds * SAMPLE_RATE) / BLOCK_FRAMES / TURNS));
  const turns = Array.from({ length: TURNS }, (_, turn) => {
    tell(turn / TURNS);
    return { rig: cost(blocks, render), yardstick: cost(blocks, measure) };
  });
  const blockUs = median(turns.map(({ rig }) => rig));
  const yardstickBlockUs = median(turns.map((turn) => turn.yardstick));
  const modulesUs = benchModules(core);
  const after = silence(core, voices, blocks);
  return {
    voices,
    seconds,
    rtf: round(BLOCK_US / blockUs),
    blockUs: round(blockUs),
    yardstickBlockUs: round(yardstickBlockUs),
    yardstickRtf: round(BLOCK_US / yardstickBlockUs),
    ratioToYardstick: round(median(turns.map((turn) => turn.yardstick / turn.rig)), 3),
    silenceToSound: round(after.silence / blockUs, 3),
    releaseToSound: round(after.release / blockUs, 3),
    modulesUs,
  };
}

/** The worst second of the ten after the releases (0.5 s) have ended: the tails of the effects and what follows. */
function silence(
  core: CoreHost,
  voices: number,
  blocks: number,
): { readonly release: number; readonly silence: number } {
  apply(
    core,
    Array.from(
      { length: voices },
      (_, voice) => ({ kind: 'gate', voice, on: false, velocity: 0, accent: 0 }) as const,
    ),
  );
  const release = cost(94, () => core.render(NOTHING, 0, 0));
  const seconds = Math.max(
    ...Array.from({ length: 10 }, () => cost(Math.min(blocks, 188), () => core.render(NOTHING, 0, 0))),
  );
  return { release, silence: seconds };
}

function benchModules(core: CoreHost): Record<string, number> {
  const names = ['voice', 'acid', 'distortion', 'reverb', 'delay', 'limiter'];
  const figures = names.map((name): [string, number] => {
    const type = MODULES.findIndex((table) => table.type === name);
    return [name, round(cost(400, () => core.exports.benchModule(type, CELLS_PER_BLOCK)))];
  });
  return Object.fromEntries(figures);
}

interface Yardstick {
  start(groups: number): void;
  block(groups: number): void;
}

/** scripts/bench/yardstick.lane.ts */
function openYardstick(): Yardstick {
  const bytes = readFileSync(new URL('../../../build/yardstick.wasm', import.meta.url));
  const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), {
    env: { memory: createCoreMemory() },
  });
  return instance.exports as unknown as Yardstick;
}

function round(x: number, digits = 1): number {
  return Number(x.toFixed(digits));
}
