/**
 * Who leads, who stands by, who is ended: decided by the clock alone. Rules of the standby protocol (docs/reliability.md).
 * Both slots hold the same samples, so a promotion that was not needed costs nothing: it hides a stall as well as a death.
 * Runs on: clock thread, with every block and while it waits for one; no allocation but in a message about an event.
 */
import { CRUMB_COMMANDS, CRUMB_SEQUENCER } from '../shared/core-layout.js';
import { decide, HALT, SKIP } from '../shared/decisions.js';
import { CAUSES, FAULT_KINDS, FaultWriter, type Cause, type FaultKind } from '../shared/fault-ring.js';
import {
  ACTIVE,
  activeSlot,
  BASE,
  BELL,
  DEAD,
  DEATH_BLOCK,
  DEATH_CRUMB,
  EMPTY,
  EXITED,
  FILLED_BY,
  FILLING,
  GENERATION,
  HEAD,
  LEAD,
  READ_BLOCK,
  READY,
  ring,
  RING_BLOCKS,
  SEEN,
  SLOTS,
  slotWord,
  SPARE,
  STANDBY,
  STATE,
  type RunMemory,
} from '../shared/run-memory.js';
import { BY_OTHERS, noteDeath } from '../slot/death.js';

export interface RoleLimits {
  /** A slot that owes work and does none for so long is ended. */
  readonly hangMs: number;
  /** How long a block may be missing before somebody else is asked. */
  readonly graceMs: number;
  /** After a promotion the new one is left alone for so long. */
  readonly holdMs: number;
  /** A slot that is being filled for longer is ended. */
  readonly fillMs: number;
}

export const LIMITS: RoleLimits = { hangMs: 60, graceMs: 2, holdMs: 10, fillMs: 150 };

/** The clock was asleep for longer: its own lateness is no evidence against others. */
const ASLEEP_MS = 20;
const USUAL_MS = 5;

/** What is left out of a block that nobody survives because of that. */
function remedy(crumb: number): number {
  if (crumb === CRUMB_COMMANDS) return SKIP;
  return crumb === CRUMB_SEQUENCER ? HALT : crumb;
}

export class Roles {
  /** The block the clock waits for is late, and nobody could be promoted for it. */
  overdue = false;
  readonly #run: RunMemory;
  readonly #control: Int32Array;
  readonly #verdicts: Int32Array;
  readonly #limits: RoleLimits;
  readonly #faults: FaultWriter;
  /** Main is asked to look: a worker is to be ended or started. */
  readonly #ask: () => void;
  readonly #movedAt = new Float64Array(SLOTS);
  readonly #headThen = new Int32Array(SLOTS).fill(-1);
  readonly #filledAt = new Float64Array(SLOTS);
  /** Generation whose death has been told. */
  readonly #told = new Int32Array(SLOTS);
  #lookedAt = 0;
  #holdUntil = 0;
  /** The standby has been whole since it was chosen. */
  #whole = false;
  /** Block and breadcrumb of the last hang, and block of the last death among commands. */
  #hungBlock = -1;
  #hungCrumb = 0;
  #poisonedBlock = -1;
  #poisonedCrumb = 0;

  constructor(run: RunMemory, limits: RoleLimits, ask: () => void) {
    this.#run = run;
    this.#control = new Int32Array(run.control);
    this.#verdicts = new Int32Array(run.decisions.verdicts);
    this.#limits = limits;
    this.#faults = new FaultWriter(run.faults);
    this.#ask = ask;
  }

  /** A slot whose ring holds the block, the active one first, dead ones too: their blocks are good. -1: none. */
  find(block: number): number {
    const active = activeSlot(this.#word(ACTIVE));
    for (let i = 0; i < SLOTS; i++) {
      const slot = (active + i) % SLOTS;
      if (this.#of(slot, STATE) < FILLING) continue;
      const head = this.#of(slot, HEAD);
      if (head > block && this.#of(slot, BASE) <= block && block >= head - RING_BLOCKS) return slot;
    }
    return -1;
  }

  /** Blocks the active slot has ready from this one on. */
  reserve(block: number): number {
    return this.#of(activeSlot(this.#word(ACTIVE)), HEAD) - block;
  }

  /** The standby takes the lead, where there is one that is whole and has seen the last promotion. */
  promote(now: number, block: number, cause: Cause): boolean {
    const active = this.#word(ACTIVE);
    const from = activeSlot(active);
    const to = this.#word(STANDBY);
    if (to < 0 || !this.#follows(to)) return false;
    const lives = this.#of(from, STATE) === READY;
    if (now < this.#holdUntil && lives) return false;
    this.#whole = lives;
    Atomics.store(this.#control, STANDBY, lives ? from : -1);
    Atomics.store(this.#control, ACTIVE, (((active >> 2) + 1) << 2) | to);
    this.#holdUntil = now + this.#limits.holdMs;
    this.#tell('promoted', block, to, from, this.#of(from, DEATH_CRUMB), CAUSES.indexOf(cause));
    for (let slot = 0; slot < SLOTS; slot++) ring(this.#control, slotWord(slot, BELL));
    return true;
  }

  /** Looks after all slots. `block`: the one the clock takes next. */
  look(now: number, block: number): void {
    // What came before this clock's own first look, it cannot have seen.
    if (this.#lookedAt === 0) this.#filledAt.fill(now);
    else if (now - this.#lookedAt > ASLEEP_MS) this.#shift(now - this.#lookedAt - USUAL_MS);
    this.#lookedAt = now;
    this.#dropStandby();
    for (let slot = 0; slot < SLOTS; slot++) this.#lookAt(slot, now, block);
    this.#findStandby(now, block);
    if (this.#of(activeSlot(this.#word(ACTIVE)), STATE) === DEAD) this.promote(now, block, 'dead');
  }

  #shift(byMs: number): void {
    for (let slot = 0; slot < SLOTS; slot++) {
      this.#movedAt[slot] = (this.#movedAt[slot] as number) + byMs;
      this.#filledAt[slot] = (this.#filledAt[slot] as number) + byMs;
    }
  }

  #dropStandby(): void {
    const standby = this.#word(STANDBY);
    if (standby < 0) return;
    const state = this.#of(standby, STATE);
    if (state === READY || state === FILLING) return;
    Atomics.store(this.#control, STANDBY, -1);
    this.#whole = false;
  }

  #lookAt(slot: number, now: number, block: number): void {
    const state = this.#of(slot, STATE);
    const head = this.#of(slot, HEAD);
    if (state === READY) this.#lookAtReady(slot, now, head);
    else if (state === FILLING) {
      if (now - (this.#filledAt[slot] as number) > this.#limits.fillMs) this.#condemn(slot, block);
    } else this.#movedAt[slot] = now;
    if (this.#of(slot, STATE) !== DEAD) return;
    this.#tellDeath(slot);
    const needed = slot === activeSlot(this.#word(ACTIVE)) || slot === this.#word(STANDBY);
    // Free when its worker can write no more and all it made has been taken.
    if (needed || this.#of(slot, EXITED) === 0 || block < head) return;
    Atomics.store(this.#control, slotWord(slot, EXITED), 0);
    Atomics.store(this.#control, slotWord(slot, STATE), EMPTY);
    this.#ask();
  }

  #lookAtReady(slot: number, now: number, head: number): void {
    const active = this.#word(ACTIVE);
    const leader = activeSlot(active);
    const due = slot === leader ? this.#word(READ_BLOCK) + this.#word(LEAD) : this.#of(leader, HEAD);
    const owes = head < due || this.#of(slot, SEEN) !== active;
    if (head !== this.#headThen[slot] || !owes) {
      this.#headThen[slot] = head;
      this.#movedAt[slot] = now;
    } else if (now - (this.#movedAt[slot] as number) > this.#limits.hangMs) {
      this.#condemn(slot, head);
      this.#noteHang(slot);
    }
  }

  #condemn(slot: number, block: number): void {
    noteDeath(this.#run, slot, BY_OTHERS);
    this.#told[slot] = this.#of(slot, GENERATION);
    this.#tell('hung', block, slot, slot, this.#of(slot, DEATH_CRUMB), 0);
    this.#ask();
  }

  /** A stall always stands inside some module and proves nothing; two in the same call do. */
  #noteHang(slot: number): void {
    const block = this.#of(slot, DEATH_BLOCK);
    const crumb = this.#of(slot, DEATH_CRUMB);
    if (crumb <= 0) return;
    if (block === this.#hungBlock && crumb === this.#hungCrumb) {
      decide(this.#verdicts, block, remedy(crumb));
    }
    this.#hungBlock = block;
    this.#hungCrumb = crumb;
  }

  #tellDeath(slot: number): void {
    const generation = this.#of(slot, GENERATION);
    if (this.#told[slot] === generation) return;
    this.#told[slot] = generation;
    const block = this.#of(slot, DEATH_BLOCK);
    const crumb = this.#of(slot, DEATH_CRUMB);
    this.#tell('died', block, slot, slot, crumb, 0);
    this.#ask();
    if (crumb !== CRUMB_COMMANDS && crumb !== CRUMB_SEQUENCER) return;
    // What has killed two slots would kill them all.
    if (block === this.#poisonedBlock && crumb === this.#poisonedCrumb)
      decide(this.#verdicts, block, remedy(crumb));
    this.#poisonedBlock = block;
    this.#poisonedCrumb = crumb;
  }

  /** A slot that follows already; else a spare, which is filled. */
  #findStandby(now: number, block: number): void {
    let standby = this.#word(STANDBY);
    if (standby >= 0 && this.overdue && this.#of(standby, STATE) === READY && !this.#follows(standby)) {
      // It has not come round since the last promotion: another one goes on from the checkpoint.
      if (this.#spare() >= 0) {
        standby = -1;
        this.#whole = false;
        Atomics.store(this.#control, STANDBY, -1);
      }
    }
    if (standby >= 0) {
      if (this.#whole || this.#of(standby, STATE) !== READY) return;
      this.#whole = true;
      this.#tell('restored', block, standby, standby, 0, this.#of(standby, FILLED_BY));
      return;
    }
    const active = activeSlot(this.#word(ACTIVE));
    // Who has not made an overdue block may hang as well: a spare is the surer way, where there is one.
    const spareFirst = this.overdue && this.#spare() >= 0;
    for (let slot = 0; slot < SLOTS; slot++) {
      if (slot === active || !this.#follows(slot) || spareFirst) continue;
      this.#whole = true;
      Atomics.store(this.#control, STANDBY, slot);
      ring(this.#control, slotWord(slot, BELL));
      return;
    }
    this.#chooseSpare(active, now);
  }

  #chooseSpare(active: number, now: number): void {
    for (let slot = 0; slot < SLOTS; slot++) {
      if (slot === active) continue;
      const state = slotWord(slot, STATE);
      if (Atomics.compareExchange(this.#control, state, SPARE, FILLING) !== SPARE) continue;
      this.#filledAt[slot] = now;
      this.#whole = false;
      Atomics.store(this.#control, STANDBY, slot);
      ring(this.#control, slotWord(slot, BELL));
      return;
    }
  }

  #spare(): number {
    for (let slot = 0; slot < SLOTS; slot++) if (this.#of(slot, STATE) === SPARE) return slot;
    return -1;
  }

  /** It is whole and has seen the last promotion. */
  #follows(slot: number): boolean {
    return this.#of(slot, STATE) === READY && this.#of(slot, SEEN) === this.#word(ACTIVE);
  }

  #word(word: number): number {
    return Atomics.load(this.#control, word);
  }
  #of(slot: number, word: number): number {
    return Atomics.load(this.#control, slotWord(slot, word));
  }
  #tell(kind: FaultKind, block: number, slot: number, from: number, crumb: number, cause: number): void {
    this.#faults.write(FAULT_KINDS.indexOf(kind), block, slot, from, crumb, cause);
  }
}
