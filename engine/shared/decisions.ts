/**
 * What is decided once for every block, and obeyed by every slot: how far in the command log its commands go
 * (`commandEnd`), and which units are bypassed in it or whether its commands are skipped (`verdicts`). Two rings of one
 * word per block; block n at (n mod blocks).
 *
 *      commandEnd   undecided(n)  --CAS by the first slot that reaches the block-->  log position (>= 0)
 *
 *      verdict      undecided(n)  --CAS-->  SEALED                         the block was rendered as it stands
 *                        |
 *                        +--CAS-->  decision 1  --CAS-->  decision 1, 2  --CAS-->  ... | SEALED
 *                            (by the slot that trapped in it, or by the clock; up to three)
 *
 *      bits of a verdict:   30 SEALED | 29..20 third | 19..10 second | 9..0 first decision
 *      a decision:          0 none | unit + 1: that unit is bypassed from this block on | SKIP: its commands are skipped |
 *                           HALT: the sequencer is stopped before it
 *
 * A slot renders a block with the decisions it found, and publishes it only after sealing it with the same ones. So a
 * decision cannot come too late: either it is there before the block is sealed, then whoever rendered without it must throw
 * its block away; or the block is sealed, then the fault was that slot's own.
 *
 * `undecided(n)` is a negative number that differs from round to round of the ring: a worker that wakes up after the ring
 * has come round cannot take a later block for its own. The clock empties words half a ring ahead.
 */
import { MAX_UNITS } from './core-layout.js';

export interface Decisions {
  readonly commandEnd: SharedArrayBuffer;
  readonly verdicts: SharedArrayBuffer;
  readonly blocks: number;
}

export const SEALED = 1 << 30;
export const MAX_DECISIONS = 3;
const DECISION_BITS = 10;
const DECISION_MASK = (1 << DECISION_BITS) - 1;
/** As decisions: the commands of the block are skipped; the sequencer is stopped, with what waits for its bar. */
export const SKIP = DECISION_MASK;
export const HALT = DECISION_MASK - 1;
if (MAX_UNITS >= HALT) throw new Error('a decision does not hold the number of a unit');

/** Bits of the number of rounds that are told apart: at 64 frames and 192 kHz they come again after a year. */
const ROUNDS = 0xff_ffff;

export function createDecisions(blocks: number): Decisions {
  const memory: Decisions = {
    blocks,
    commandEnd: new SharedArrayBuffer(blocks * 4),
    verdicts: new SharedArrayBuffer(blocks * 4),
  };
  const commandEnd = new Int32Array(memory.commandEnd);
  const verdicts = new Int32Array(memory.verdicts);
  for (let block = 0; block < blocks; block++) {
    commandEnd[block] = undecided(block, blocks);
    verdicts[block] = undecided(block, blocks);
  }
  return memory;
}

/** What stands for block n in a ring of that many blocks before anything is decided. */
export function undecided(block: number, blocks: number): number {
  return -1 - (Math.floor(block / blocks) & ROUNDS);
}

/** The decisions of a verdict as bits, 0 when it is undecided. */
export function decisionsIn(verdict: number): number {
  return verdict < 0 ? 0 : verdict & ~SEALED;
}

/** Decision i (0..2) of a verdict; 0: none. */
export function decisionAt(verdict: number, i: number): number {
  return (decisionsIn(verdict) >>> (i * DECISION_BITS)) & DECISION_MASK;
}

export function decisionCount(verdict: number): number {
  let count = 0;
  while (count < MAX_DECISIONS && decisionAt(verdict, count) !== 0) count++;
  return count;
}

/** The verdict with one decision more; undefined: it is sealed, full, or holds it already. */
export function withDecision(verdict: number, decision: number): number | undefined {
  if (verdict >= 0 && (verdict & SEALED) !== 0) return undefined;
  const count = decisionCount(verdict);
  if (count >= MAX_DECISIONS) return undefined;
  for (let i = 0; i < count; i++) if (decisionAt(verdict, i) === decision) return undefined;
  return decisionsIn(verdict) | (decision << (count * DECISION_BITS));
}

/** Puts a decision on a block that nobody has sealed yet. False: too late, or there is no room. Runs on: any thread. */
export function decide(verdicts: Int32Array, block: number, decision: number): boolean {
  const at = block % verdicts.length;
  for (;;) {
    const before = Atomics.load(verdicts, at);
    if (before < 0 && before !== undecided(block, verdicts.length)) return false;
    const after = withDecision(before, decision);
    if (after === undefined) return false;
    if (Atomics.compareExchange(verdicts, at, before, after) === before) return true;
  }
}

/** Seals a block that was rendered with the decisions of `verdict`. False: another decision came first, or it is of another round. */
export function seal(verdicts: Int32Array, block: number, verdict: number): boolean {
  if (verdict < 0 && verdict !== undecided(block, verdicts.length)) return false;
  const at = block % verdicts.length;
  const sealed = decisionsIn(verdict) | SEALED;
  const found = Atomics.compareExchange(verdicts, at, verdict, sealed);
  return found === verdict || found === sealed;
}
