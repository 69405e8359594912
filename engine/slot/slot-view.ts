/** Shared memory as one slot sees it: typed arrays and the addresses of its own words, made once. */
import {
  AT_BLOCK,
  BASE,
  BELL,
  BUSY_MILLIS,
  CHAOS_KIND,
  CHECKPOINT,
  CHECKPOINT_POSITION,
  EDGE,
  FILLED_BY,
  HEAD,
  NEXT,
  POSITION,
  READY_AT,
  RING_BLOCKS,
  SEEN,
  slotWord,
  STATE,
  STEP,
  STEPS,
  TIMES,
  WORST_MICROS,
  type RunMemory,
  type Step,
} from '../shared/run-memory.js';
import { CHANNELS } from '../shared/tap.js';

const STEP_NUMBER = Object.fromEntries(STEPS.map((step, i) => [step, i])) as Record<Step, number>;

export class SlotView {
  readonly control: Int32Array;
  readonly commandEnd: Int32Array;
  readonly verdicts: Int32Array;
  readonly log: Int32Array;
  readonly times: Float64Array;
  /** Blocks of the own ring, as views made once. */
  readonly ring: readonly Float32Array[];
  /** The state of every slot, own and foreign. */
  readonly states: readonly Uint8Array[];
  /** Both checkpoints of every slot. */
  readonly checkpoints: readonly (readonly Uint8Array[])[];
  readonly at: Readonly<
    Record<
      | 'state'
      | 'head'
      | 'base'
      | 'bell'
      | 'edge'
      | 'next'
      | 'position'
      | 'seen'
      | 'worst'
      | 'busy'
      | 'step'
      | 'block'
      | 'filledBy'
      | 'checkpoint'
      | 'checkpointPosition'
      | 'chaos',
      number
    >
  >;

  constructor(
    readonly run: RunMemory,
    readonly slot: number,
  ) {
    const { layout } = run;
    const blockSamples = run.format.blockFrames * CHANNELS;
    const samples = new Float32Array(run.rings[slot] as SharedArrayBuffer);
    this.control = new Int32Array(run.control);
    this.commandEnd = new Int32Array(run.decisions.commandEnd);
    this.verdicts = new Int32Array(run.decisions.verdicts);
    this.log = new Int32Array(run.log);
    this.times = new Float64Array(run.times);
    this.ring = Array.from({ length: RING_BLOCKS }, (_, i) =>
      samples.subarray(i * blockSamples, (i + 1) * blockSamples),
    );
    this.states = run.memories.map(
      ({ buffer }) => new Uint8Array(buffer, layout.stateStart, layout.stateEnd - layout.stateStart),
    );
    this.checkpoints = run.checkpoints.map((pair) => pair.map((buffer) => new Uint8Array(buffer)));
    const word = (name: number): number => slotWord(slot, name);
    this.at = {
      state: word(STATE),
      head: word(HEAD),
      base: word(BASE),
      bell: word(BELL),
      edge: word(EDGE),
      next: word(NEXT),
      position: word(POSITION),
      seen: word(SEEN),
      worst: word(WORST_MICROS),
      busy: word(BUSY_MILLIS),
      step: word(STEP),
      block: word(AT_BLOCK),
      filledBy: word(FILLED_BY),
      checkpoint: word(CHECKPOINT),
      checkpointPosition: word(CHECKPOINT_POSITION),
      chaos: word(CHAOS_KIND),
    };
  }

  load(word: number): number {
    return Atomics.load(this.control, word);
  }
  store(word: number, value: number): void {
    Atomics.store(this.control, word, value);
  }
  /** A word of any slot. */
  of(slot: number, word: number): number {
    return Atomics.load(this.control, slotWord(slot, word));
  }
  /** Says what this slot does now, for whoever finds it standing still. */
  step(step: Step): void {
    Atomics.store(this.control, this.at.step, STEP_NUMBER[step]);
  }
  /** Notes the time at which the state was whole. */
  readyNow(ms: number): void {
    this.times[this.slot * TIMES + READY_AT] = ms;
  }
}
