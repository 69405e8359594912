/** Speed by number of voices: both builds and a fixed yardstick, in turns within one run. */
import { readFileSync } from 'node:fs';
import { createCoreMemory } from '../slot/core-host.js';
import { BLOCK_FRAMES, BLOCK_US, SAMPLE_RATE, saws, silentRig, workingRig } from './bench-rig.js';
import { inTurns, median, medianOf, rounded, type Block } from './bench-turns.js';

const TURNS = 9;
const YARDSTICK_VOICES = 64;

/** All voices sound and are sent; distortion, reverb, delay and limiter work. */
export interface SpeedFigures {
  readonly voices: number;
  /** Seconds of audio per second of user CPU, one core. */
  readonly rtf: number;
  readonly blockUs: number;
  /** Of a block: what the voices cost. Held saws less the same number of silent voices, effects at rest in both. */
  readonly voicesUs: number;
  readonly nsPerVoiceSample: number;
  readonly scalarRtf: number;
  readonly scalarBlockUs: number;
  /** Speed of the build that ships divided by that of the scalar build. */
  readonly ratioToScalar: number;
  /** Speed of the rig divided by that of the yardstick (scripts/bench/yardstick.lane.ts) with as many voices; absent above 64. */
  readonly ratioToYardstick?: number;
  /** The rig with all voices silent and no effect at work. */
  readonly silentBlockUs: number;
}

export function benchSpeed(voices: number, seconds: number): SpeedFigures {
  const rigs = [workingRig(voices), workingRig(voices, 'scalar'), saws(voices), silentRig(voices)];
  const things = rigs.map(({ render }) => render);
  if (voices <= YARDSTICK_VOICES) things.push(openYardstick(voices));
  const blocks = Math.max(20, Math.round((seconds * SAMPLE_RATE) / BLOCK_FRAMES / TURNS));
  const [ours = [], scalar = [], dry = [], silent = [], yardstick] = inTurns(things, {
    turns: TURNS,
    blocks,
  });
  const voicesUs = medianOf(dry, silent, (a, b) => a - b);
  return {
    voices,
    rtf: rounded(BLOCK_US / median(ours)),
    blockUs: rounded(median(ours)),
    voicesUs: rounded(voicesUs),
    nsPerVoiceSample: rounded((1000 * voicesUs) / BLOCK_FRAMES / voices, 2),
    silentBlockUs: rounded(median(silent), 2),
    scalarRtf: rounded(BLOCK_US / median(scalar)),
    scalarBlockUs: rounded(median(scalar)),
    ratioToScalar: rounded(
      medianOf(scalar, ours, (a, b) => a / b),
      2,
    ),
    ...(yardstick && {
      ratioToYardstick: rounded(
        medianOf(yardstick, ours, (a, b) => a / b),
        3,
      ),
    }),
  };
}

/** Cost of a block with many voices divided by that with few, measured in turns. */
export function benchGrowth(many: number, few: number, seconds: number): number {
  const blocks = Math.round((seconds * SAMPLE_RATE) / BLOCK_FRAMES / TURNS);
  const [a = [], b = []] = inTurns([workingRig(many).render, workingRig(few).render], {
    turns: TURNS,
    blocks,
  });
  return rounded(
    medianOf(a, b, (x, y) => x / y),
    2,
  );
}

function openYardstick(voices: number): Block {
  const bytes = readFileSync(new URL('../../../build/yardstick.wasm', import.meta.url));
  const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), {
    env: { memory: createCoreMemory() },
  });
  const yardstick = instance.exports as unknown as {
    start(groups: number): void;
    block(groups: number): void;
  };
  const groups = Math.ceil(voices / 4);
  yardstick.start(groups);
  return () => yardstick.block(groups);
}
