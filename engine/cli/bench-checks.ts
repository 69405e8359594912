/** What must not happen: silence or tails that cost, blocks that cost much more than the others, a core that is slow to come up. */
import { readFileSync, statSync } from 'node:fs';
import { parseSlotBytes } from '../patterns/document.js';
import { packageLibrary } from '../patterns/library.js';
import { compileCore, CoreHost, coreUrl } from '../slot/core-host.js';
import { slotProgram } from '../supervisor/program.js';
import { BenchRig, BLOCK_FRAMES, saws, SAMPLE_RATE, silentRig, workingRig } from './bench-rig.js';
import { cost, inTurns, median, medianOf, rounded } from './bench-turns.js';

export interface CheckFigures {
  /** Cost of a voice that is asleep divided by that of one that sounds, of 256. */
  readonly sleepingToSounding: number;
  /** The costliest of the 60 seconds after a release, divided by a second of sound. */
  readonly tailToSound: number;
  /** The last of them: what silence costs. */
  readonly silenceToSound: number;
  /** Of five renders of a pattern each block's cheapest: the costliest of these divided by their median. */
  readonly worstBlockToMedian: number;
  readonly wasmBytes: number;
  /** Compile, instantiate, plan the memory, render a block, the first time in this process: CPU of all its threads. */
  readonly coldStartMs: number;
  /** The same from a compiled module, as a slot comes up: CPU, the least of five. */
  readonly firstBlockMs: number;
}

const SLEEPERS = 256;
const TAIL_SECONDS = 60;
const RENDERS = 5;
const RENDER_SECONDS = 12;
const PATTERN = 'factory/05_sunday-house.json';
const SECOND = Math.round(SAMPLE_RATE / BLOCK_FRAMES);

/** Before anything else in this process has made a core. */
export function benchStart(): Pick<CheckFigures, 'wasmBytes' | 'coldStartMs' | 'firstBlockMs'> {
  const cpu = (): number => process.cpuUsage().user + process.cpuUsage().system;
  const firstBlock = (module: WebAssembly.Module): void => {
    const host = new CoreHost({ module, sampleRate: SAMPLE_RATE, voices: 16, blockFrames: BLOCK_FRAMES });
    host.render(new Int32Array(8), 0, 0);
  };
  const before = cpu();
  const module = compileCore();
  firstBlock(module);
  const coldStartMs = rounded((cpu() - before) / 1000, 2);
  const again = Array.from({ length: RENDERS }, () => {
    const began = cpu();
    firstBlock(module);
    return (cpu() - began) / 1000;
  });
  return { wasmBytes: statSync(coreUrl()).size, coldStartMs, firstBlockMs: rounded(Math.min(...again), 2) };
}

export function benchChecks(): Omit<CheckFigures, 'wasmBytes' | 'coldStartMs' | 'firstBlockMs'> {
  return { sleepingToSounding: sleeping(), ...tails(), worstBlockToMedian: worstBlock() };
}

function sleeping(): number {
  const rigs = [saws(SLEEPERS), silentRig(SLEEPERS), silentRig(4)];
  const [sounding = [], asleep = [], few = []] = inTurns(
    rigs.map(({ render }) => render),
    { turns: 9, blocks: 200 },
  );
  const sleeper = medianOf(asleep, few, (a, b) => a - b) / (SLEEPERS - 4);
  const sounder = medianOf(sounding, asleep, (a, b) => a - b) / SLEEPERS;
  return rounded(sleeper / sounder, 4);
}

/**
 * Long reverb, many echoes, a ringing filter, all fed; then everything is released. What is left passes through the region
 * where single precision has no normal numbers (below 1e-38) and ends in zeros.
 */
function tails(): Pick<CheckFigures, 'tailToSound' | 'silenceToSound'> {
  const rig = workingRig(16).set({
    'reverb1/room': 1,
    'reverb1/mix': 1,
    'delay1/feedback': 0.7,
    'delay1/mix': 1,
    'acid1/voice': 1,
    'acid1/res': 0.98,
    'voice2/filter/q': 10,
  });
  const second = (): number => cost(SECOND, rig.render);
  second();
  const sound = median(Array.from({ length: 5 }, second));
  rig.gates(false);
  const tail = Array.from({ length: TAIL_SECONDS }, second);
  return {
    tailToSound: rounded(Math.max(...tail) / sound, 3),
    silenceToSound: rounded(median(tail.slice(-5)) / sound, 3),
  };
}

/** Notes, locks and the load of a pattern: whatever a block may have to do beside sound. One memory, begun anew each time. */
function worstBlock(): number {
  const parsed = parseSlotBytes(readFileSync(`${packageLibrary()}/${PATTERN}`));
  if (!parsed.ok) throw new Error(parsed.error.got);
  const blocks = RENDER_SECONDS * SECOND;
  const least = new Float64Array(blocks).fill(Infinity);
  const format = { sampleRate: SAMPLE_RATE, voices: 16, blockFrames: BLOCK_FRAMES };
  const nothing = new Int32Array(8);
  const { host } = new BenchRig(format.voices);
  const begin = host.state().slice();
  for (let render = 0; render < RENDERS; render++) {
    const program = slotProgram(parsed.value, format, blocks * BLOCK_FRAMES, 0);
    host.state().set(begin);
    for (let block = 0; block < blocks; block++) {
      const words = program.entries(block);
      const before = performance.now();
      host.render(words ?? nothing, 0, words ? words.length / 8 : 0);
      least[block] = Math.min(least[block] as number, performance.now() - before);
    }
  }
  return rounded(Math.max(...least) / median([...least]), 2);
}
