/**
 * The clock's decisions without its thread: shared memory in which the test says what the slots do, and Roles that look at
 * it at times the test chooses.
 */
import { Roles, type RoleLimits } from '../../engine/clock/roles.js';
import { FaultReader, type FaultEvent } from '../../engine/shared/fault-ring.js';
import {
  ACTIVE,
  AT_BLOCK,
  createRunMemory,
  EXITED,
  GENERATION,
  HEAD,
  READ_BLOCK,
  READY,
  SEEN,
  SLOTS,
  slotWord,
  STANDBY,
  STATE,
  STEP,
  STEPS,
  type RunMemory,
} from '../../engine/shared/run-memory.js';
import { BY_ITSELF, noteDeath } from '../../engine/slot/death.js';

export const CLOCK_LIMITS: RoleLimits = { hangMs: 60, graceMs: 2, holdMs: 10, fillMs: 150 };
export const LEAD_BLOCKS = 3;
const BLOCKS = 64;
const STATE_BYTES = 64;

export class ClockStage {
  readonly run: RunMemory;
  readonly control: Int32Array;
  readonly verdicts: Int32Array;
  roles: Roles;
  /** How often main was asked to look. */
  asked = 0;
  now = 1000;
  readonly #faults: FaultReader;

  constructor() {
    const memories = Array.from(
      { length: SLOTS },
      () => new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true }),
    );
    this.run = createRunMemory(
      { sampleRate: 48000, blockFrames: 64, voices: 1, leadBlocks: LEAD_BLOCKS },
      { stateStart: 0, stateEnd: STATE_BYTES, statusAddress: 0, crumbAddress: 0 },
      memories,
      { logEntries: 128, commandBlocks: BLOCKS },
    );
    this.control = new Int32Array(this.run.control);
    this.verdicts = new Int32Array(this.run.decisions.verdicts);
    this.#faults = new FaultReader(this.run.faults);
    this.roles = this.takeOver();
  }

  /** Another clock goes on with the same memory. */
  takeOver(): Roles {
    return (this.roles = new Roles(this.run, CLOCK_LIMITS, () => this.asked++));
  }

  word(word: number): number {
    return this.control[word] as number;
  }
  put(word: number, value: number): void {
    this.control[word] = value;
  }
  of(slot: number, word: number): number {
    return this.word(slotWord(slot, word));
  }
  set(slot: number, words: ReadonlyMap<number, number> | readonly (readonly [number, number])[]): void {
    for (const [word, value] of words) this.put(slotWord(slot, word), value);
  }

  /** The slot is whole up to that block and has seen the last promotion. */
  ready(slot: number, head: number): void {
    this.set(slot, [
      [HEAD, head],
      [SEEN, this.word(ACTIVE)],
      [GENERATION, this.of(slot, GENERATION) + 1],
      [STATE, READY],
    ]);
  }

  /** Slot 0 leads, slot 1 follows; both have made all blocks that are due when the clock takes `block`. */
  pair(block: number): this {
    this.put(READ_BLOCK, block);
    this.ready(0, block + LEAD_BLOCKS);
    this.ready(1, block + LEAD_BLOCKS);
    this.look();
    return this;
  }

  /** The clock looks, so many milliseconds later. */
  look(ms = 1): void {
    this.now += ms;
    this.roles.look(this.now, this.word(READ_BLOCK));
  }
  /** It looks again and again, each time a millisecond later. */
  lookFor(ms: number): void {
    for (let i = 0; i < ms; i++) this.look();
  }

  /** The slot is inside its core, in this block, at this breadcrumb. */
  inCore(slot: number, block: number, crumb: number): void {
    this.set(slot, [
      [AT_BLOCK, block],
      [STEP, STEPS.indexOf('core')],
    ]);
    const memory = this.run.memories[slot] as WebAssembly.Memory;
    new Int32Array(memory.buffer)[0] = crumb;
  }
  dies(slot: number): void {
    noteDeath(this.run, slot, BY_ITSELF);
  }
  exits(slot: number): void {
    this.set(slot, [[EXITED, 1]]);
  }

  active(): number {
    return this.word(ACTIVE) & 3;
  }
  standby(): number {
    return this.word(STANDBY);
  }
  /** What has happened since the last call. */
  events(): FaultEvent[] {
    return this.#faults.read();
  }
}
