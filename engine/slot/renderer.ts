/**
 * Renders the blocks of one slot, one after the other.
 *
 * Order per block: commandEnd, EDGE odd, core, ring, NEXT, seal, EDGE even, HEAD, bells, checkpoint. The block is public
 * with HEAD; until then nobody has seen anything of it. Whoever copies the state of this slot finds EDGE even before and
 * unchanged after.
 */
import { ENTRY_WORDS } from '../shared/command.js';
import { MAX_BLOCK_COMMANDS } from '../shared/core-layout.js';
import { seal, undecided } from '../shared/decisions.js';
import {
  ACTIVE,
  activeSlot,
  BELL,
  CLOCK_BELL,
  distance,
  LOAD_BLOCK,
  LOAD_END,
  LOAD_SERIAL,
  LOG_END,
  POSITION_MASK,
  ring,
  RING_BLOCKS,
  slotWord,
  STANDBY,
} from '../shared/run-memory.js';
import type { ChaosPoints } from './chaos.js';
import type { CoreHost } from './core-host.js';
import type { SlotView } from './slot-view.js';

/** Thrown where another slot has decided otherwise about the block: the state of this one is worthless. */
export class Overruled extends Error {}

/** How much is rendered between two checkpoints: what has to be made again from one. */
const CHECKPOINT_FRAMES = 16_384;
const CHECKPOINT_BLOCKS = { min: 8, max: 64 } as const;

export class Renderer {
  /** The block that is rendered next, and the log position of its first command. */
  block = 0;
  position = 0;
  /** True while the core is at work: what is thrown then is the core's. */
  inCore = false;
  readonly #view: SlotView;
  readonly #core: CoreHost;
  readonly #chaos: ChaosPoints;
  readonly #checkpointBlocks: number;
  #checkpointIndex = 0;
  #loadSerial = 0;
  #loadEnd = 0;
  #busyMicros = 0;

  constructor(view: SlotView, core: CoreHost, chaos: ChaosPoints) {
    this.#view = view;
    this.#core = core;
    this.#chaos = chaos;
    const { blockFrames } = view.run.format;
    const { min, max } = CHECKPOINT_BLOCKS;
    this.#checkpointBlocks = Math.min(max, Math.max(min, Math.round(CHECKPOINT_FRAMES / blockFrames)));
  }

  /**
   * Renders the next block. `leads`: this slot is the active one and decides about commands where nobody has; else they
   * are decided. Throws what the core throws, and Overruled. Runs on: render thread, every block; no allocation.
   */
  render(leads: boolean): void {
    const began = performance.now();
    const { control, commandEnd, verdicts, at } = this.#view;
    const { block } = this;
    this.#view.store(at.block, block);
    this.#view.step('decide');
    this.#chaos.at('before decision', block);
    const end = leads ? this.#decide() : Atomics.load(commandEnd, block % commandEnd.length);
    if (end < 0) throw new Error(`block ${block} has not been decided`);
    this.#chaos.at('after decision', block);
    const verdict = Atomics.load(verdicts, block % verdicts.length);
    Atomics.add(control, at.edge, 1);

    this.#view.step('core');
    this.#chaos.at('before core', block);
    const from = (this.position * ENTRY_WORDS) & (this.#view.log.length - 1);
    this.inCore = true;
    this.#core.render(this.#view.log, from, distance(this.position, end), verdict);
    this.inCore = false;
    this.#chaos.at('after core', block);
    this.#view.step('ring');
    this.#copy(block);

    this.#view.step('publish');
    this.block = block + 1;
    this.position = end;
    this.#view.store(at.next, this.block);
    this.#view.store(at.position, end);
    this.#chaos.at('before seal', block);
    if (!seal(verdicts, block, verdict)) throw new Overruled(`block ${block} was decided otherwise`);
    Atomics.add(control, at.edge, 1);
    this.#chaos.at('before head', block);
    this.#noteLoad(end);
    this.#view.store(at.head, this.block);
    this.#bells();
    this.#measure((performance.now() - began) * 1000);
    if (this.block % this.#checkpointBlocks === 0 && this.#keepsCheckpoints()) this.checkpoint();
    this.#view.step('wait');
  }

  /** Decides, once for all slots, how far in the log the commands of this block go. Runs on: render thread. */
  #decide(): number {
    const { control, commandEnd } = this.#view;
    const logEnd = Atomics.load(control, LOG_END);
    const end =
      distance(this.position, logEnd) > MAX_BLOCK_COMMANDS
        ? (this.position + MAX_BLOCK_COMMANDS) & POSITION_MASK
        : logEnd;
    const empty = undecided(this.block, commandEnd.length);
    const decided = Atomics.compareExchange(commandEnd, this.block % commandEnd.length, empty, end);
    return decided === empty ? end : decided;
  }

  /** In two halves where faults are injected: a ring may be left half written. */
  #copy(block: number): void {
    const target = this.#view.ring[block % RING_BLOCKS] as Float32Array;
    target.set(this.#core.output);
    if (!this.#chaos.armed()) return;
    target.fill(0, target.length / 2);
    this.#chaos.at('in ring', block);
    target.set(this.#core.output);
  }

  #bells(): void {
    const { control, slot } = this.#view;
    ring(control, CLOCK_BELL);
    if (activeSlot(Atomics.load(control, ACTIVE)) !== slot) return;
    const standby = Atomics.load(control, STANDBY);
    if (standby >= 0 && standby !== slot) ring(control, slotWord(standby, BELL));
  }

  /** The standby does; the active one only while it is alone. */
  #keepsCheckpoints(): boolean {
    const leads = activeSlot(this.#view.load(ACTIVE)) === this.#view.slot;
    return !leads || this.#view.load(STANDBY) < 0;
  }

  /** Copies the state to the older of the own checkpoints. Runs on: render thread, between two blocks. */
  checkpoint(): void {
    const { at, slot, states, checkpoints } = this.#view;
    this.#view.step('checkpoint');
    const i = this.#checkpointIndex;
    const target = checkpoints[slot]?.[i] as Uint8Array;
    const state = states[slot] as Uint8Array;
    this.#view.store(at.checkpoint + i, -1);
    target.set(state);
    if (this.#chaos.armed()) {
      target.fill(0, target.length >> 1);
      this.#chaos.at('in checkpoint', this.block);
      target.set(state);
    }
    this.#view.store(at.checkpointPosition + i, this.position);
    this.#view.store(at.checkpoint + i, this.block);
    this.#checkpointIndex = 1 - i;
    // One from before this slot led holds back the log for nothing.
    const other = this.#view.load(at.checkpoint + 1 - i);
    if (other >= this.block - 2 * this.#checkpointBlocks) return;
    this.#view.store(at.checkpoint + 1 - i, -1);
    this.#view.store(at.checkpointPosition + 1 - i, this.position);
  }

  /** The state has been copied from elsewhere: it is the one before that block. */
  begin(block: number, position: number, checkpointIndex: number): void {
    const { at } = this.#view;
    this.block = block;
    this.position = position;
    this.#checkpointIndex = checkpointIndex;
    // What stands there is of another time: it must hold nothing of the log.
    this.#view.store(at.checkpoint + checkpointIndex, -1);
    this.#view.store(at.checkpointPosition + checkpointIndex, position);
    this.#view.store(at.next, block);
    this.#view.store(at.position, position);
    this.#view.store(at.base, block);
    this.#view.store(at.head, block);
    this.#loadSerial = this.#core.read('loadSerial');
    // Whether that commit was told is not known; told again, with a later end, nothing is lost.
    this.#loadEnd = position;
  }

  /** Tells main which load has been committed; only the active slot does, so that what is told never goes back. */
  #noteLoad(end: number): void {
    const serial = this.#core.read('loadSerial');
    if (serial !== this.#loadSerial) {
      this.#loadSerial = serial;
      this.#loadEnd = end;
    }
    const { control, slot } = this.#view;
    if (activeSlot(Atomics.load(control, ACTIVE)) !== slot) return;
    if (Atomics.load(control, LOAD_SERIAL) === this.#loadSerial) return;
    Atomics.store(control, LOAD_END, this.#loadEnd);
    Atomics.store(control, LOAD_BLOCK, this.block - 1);
    Atomics.store(control, LOAD_SERIAL, this.#loadSerial);
  }

  /** The wall clock is only looked at to report the load; no sample depends on it. */
  #measure(micros: number): void {
    const { at } = this.#view;
    this.#busyMicros += micros;
    this.#view.store(at.busy, (this.#busyMicros / 1000) | 0);
    if (micros > this.#view.load(at.worst)) this.#view.store(at.worst, micros | 0);
  }
}
