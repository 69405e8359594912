/**
 * Fills an empty slot with the state of the run. A slot that lives is asked first: its state is copied between two of its
 * blocks (a seqlock: EDGE even and the same before and after). A survivor never pushes. When that does not succeed, or
 * none lives, the newest checkpoint is taken, and the blocks since then are rendered again from the log.
 * Runs on: render thread of the slot that is filled.
 */
import {
  ACTIVE,
  activeSlot,
  CHECKPOINT,
  distance,
  EDGE,
  FILLED,
  FILLING,
  HEAD,
  LOG_END,
  LOG_RESERVE,
  newestCheckpoint,
  NEXT,
  POSITION,
  READY,
  SLEEP,
  SLOTS,
  slotWord,
  STATE,
} from '../shared/run-memory.js';
import { ENTRY_WORDS } from '../shared/command.js';
import type { ChaosPoints } from './chaos.js';
import type { Renderer } from './renderer.js';
import type { SlotView } from './slot-view.js';

/** Then the checkpoint is taken. */
const PULL_TRIES = 8;
/** A block is rendered in a fraction of this; then the state stands still for a while. */
const PULL_PAUSE_MS = 0.05;
const CHECKPOINT_TRIES = 50;

export interface Filling {
  readonly view: SlotView;
  readonly renderer: Renderer;
  readonly chaos: ChaosPoints;
}

/** False: condemned meanwhile. Throws when there is nothing to be filled from. */
export function fill(filling: Filling): boolean {
  const { view, renderer } = filling;
  view.step('fill');
  const by = pull(filling) ? 'pull' : fromCheckpoint(filling);
  view.store(view.at.filledBy, FILLED.indexOf(by));
  return catchUp(view, renderer);
}

function pull({ view, renderer, chaos }: Filling): boolean {
  for (let tries = 0; tries < PULL_TRIES; tries++) {
    const from = survivor(view);
    if (from < 0) return false;
    const edge = view.of(from, EDGE);
    if ((edge & 1) !== 0) {
      Atomics.wait(view.control, SLEEP, 0, PULL_PAUSE_MS);
      continue;
    }
    const block = view.of(from, NEXT);
    const position = view.of(from, POSITION);
    copy(view, view.states[from] as Uint8Array, chaos);
    // A read-modify-write, so that the copy cannot slip behind it.
    if (Atomics.add(view.control, slotWord(from, EDGE), 0) !== edge) continue;
    // It may have died behind its last block and before it was public: then nobody else would ever make that block.
    if (view.of(from, HEAD) < block) continue;
    renderer.begin(block, position, olderCheckpoint(view));
    return true;
  }
  return false;
}

/** The active slot; else another one that is whole; -1: none. */
function survivor(view: SlotView): number {
  const active = activeSlot(view.load(ACTIVE));
  if (active !== view.slot && view.of(active, STATE) === READY) return active;
  for (let slot = 0; slot < SLOTS; slot++) {
    if (slot !== view.slot && view.of(slot, STATE) === READY) return slot;
  }
  return -1;
}

function fromCheckpoint({ view, renderer, chaos }: Filling): 'checkpoint' {
  for (let tries = 0; tries < CHECKPOINT_TRIES; tries++) {
    const newest = newestCheckpoint(view.control);
    if (!newest) throw new Error('no checkpoint to go on from');
    const { slot, index, block, position } = newest;
    copy(view, view.checkpoints[slot]?.[index] as Uint8Array, chaos);
    if (Atomics.add(view.control, slotWord(slot, CHECKPOINT + index), 0) !== block) continue;
    renderer.begin(block, position, slot === view.slot ? 1 - index : olderCheckpoint(view));
    // The log may have gone round in the meantime; what was published just now holds it from here on.
    if (distance(position, view.load(LOG_END)) <= view.log.length / ENTRY_WORDS - LOG_RESERVE)
      return 'checkpoint';
  }
  throw new Error(`no whole checkpoint in ${CHECKPOINT_TRIES} tries`);
}

/** The newest state must never be written over. */
function olderCheckpoint(view: SlotView): number {
  const { checkpoint } = view.at;
  return view.load(checkpoint) <= view.load(checkpoint + 1) ? 0 : 1;
}

function copy(view: SlotView, from: Uint8Array, chaos: ChaosPoints): void {
  const own = view.states[view.slot] as Uint8Array;
  if (chaos.armed()) {
    own.set(from.subarray(0, from.length >> 1));
    chaos.at('in fill', view.load(view.at.block));
  }
  own.set(from);
}

/** Renders what others have rendered already, until nothing of it is left. */
function catchUp(view: SlotView, renderer: Renderer): boolean {
  for (;;) {
    if (view.load(view.at.state) !== FILLING) return false;
    if (head(view) <= renderer.block) return true;
    renderer.render(false);
  }
}

/** Blocks that are whole in the ring of the slot that leads, living or dead. */
function head(view: SlotView): number {
  return view.of(activeSlot(view.load(ACTIVE)), HEAD);
}
