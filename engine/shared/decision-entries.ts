/**
 * The decisions about a block as entries for the core: they stand before the block's commands, live and in the journal,
 * so that a rendering from the journal meets them at the same place.
 */
import { COMMAND_KINDS, ENTRY_WORDS } from './command.js';
import { decisionAt, HALT, MAX_DECISIONS, SKIP } from './decisions.js';

const BYPASS = COMMAND_KINDS.indexOf('bypass');
const SKIPPED = COMMAND_KINDS.indexOf('skipped');

/** True when the commands of the block are left out. */
export function skips(verdict: number): boolean {
  for (let i = 0; i < MAX_DECISIONS; i++) if (decisionAt(verdict, i) === SKIP) return true;
  return false;
}

/**
 * Writes one entry per decision, in the order in which they were taken, from word 0 of `words` on. `commands`: how many
 * the block has, for the record. Gives the number of entries (0 to 3). Runs on: render thread and journal; no allocation.
 */
export function putDecisions(verdict: number, commands: number, words: Int32Array): number {
  for (let i = 0; i < MAX_DECISIONS; i++) {
    const decision = decisionAt(verdict, i);
    if (decision === 0) return i;
    const at = i * ENTRY_WORDS;
    words.fill(0, at, at + ENTRY_WORDS);
    const skipped = decision === SKIP || decision === HALT;
    words[at] = skipped ? SKIPPED : BYPASS;
    words[at + 1] = decision === SKIP ? commands : decision === HALT ? -1 : decision - 1;
    if (skipped) continue;
    words[at + 2] = 1;
    words[at + 3] = 1;
  }
  return MAX_DECISIONS;
}
