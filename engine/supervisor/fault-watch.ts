/**
 * Follows what happens to slots, clock and units, and says it in words: for `/engine/fault`, the status, recordings and
 * the terminal. Reads shared memory only. Runs on: main thread, some twenty times a second.
 */
import { unitName, units } from '../registry/units.js';
import {
  CRUMB_COMMANDS,
  CRUMB_SEQUENCER,
  MAX_STRIKES,
  MAX_UNITS,
  UNIT_BYPASSED,
  UNIT_STRIKES_SHIFT,
} from '../shared/core-layout.js';
import { decisionAt, decisionCount, HALT, SKIP } from '../shared/decisions.js';
import { CAUSES, FaultReader, type Cause, type FaultEvent } from '../shared/fault-ring.js';
import { FILLED, STEPS, type Step } from '../shared/run-memory.js';
import { SLOT_NAMES } from './slot-keeper.js';
import type { RunThreads } from './threads.js';

/** One thing that happened, for a program (all but `text`) and for a person (`text`). */
export interface FaultReport {
  readonly kind: FaultEvent['kind'] | 'bypassed' | 'back' | 'poisoned' | 'clock' | 'trouble' | 'lead';
  readonly block: number;
  /** Session frame of the first frame of that block. */
  readonly frame: number;
  readonly slot?: string;
  readonly module?: string;
  /** Of 'decided': what was left out. */
  readonly left?: 'commands' | 'sequencer';
  readonly text: string;
}

export interface Promotion {
  readonly block: number;
  readonly frame: number;
  readonly from: string;
  readonly to: string;
  readonly cause: Cause;
}

export interface BypassedUnit {
  readonly module: string;
  /** How often it has trapped or hung. */
  readonly strikes: number;
  readonly why: string;
}

/** Reports that are kept for the status. */
const KEPT = 16;

const WHY: Readonly<Record<Cause, string>> = {
  dead: 'was dead',
  reserve: 'had too few blocks ready',
  missing: 'did not bring its block',
  recovered: 'did not bring its block',
};

const DOING: Readonly<Record<Step, string>> = {
  wait: 'while it waited',
  decide: 'before it rendered',
  core: 'beside its modules',
  ring: 'while it copied its block',
  publish: 'while it published its block',
  checkpoint: 'while it wrote a checkpoint',
  fill: 'while it was being filled',
};

export class FaultWatch {
  readonly #threads: RunThreads;
  readonly #reader: FaultReader;
  readonly #tell: (report: FaultReport) => void;
  readonly #recent: FaultReport[] = [];
  readonly #unitWords = new Int32Array(MAX_UNITS);
  /** Block of the last decision that bypassed a unit, and how many there were. */
  readonly #decided = new Map<number, { readonly block: number; readonly times: number }>();
  /** Units that were taken out without having failed once more. */
  readonly #byPlayer = new Set<number>();
  #poisoned = 0;
  #promotions = 0;
  #lastPromotion: Promotion | undefined;

  constructor(threads: RunThreads, tell: (report: FaultReport) => void) {
    this.#threads = threads;
    this.#reader = new FaultReader(threads.run.faults);
    this.#tell = tell;
  }

  /** Tells what has happened since the last call. */
  look(): void {
    const events = this.#reader.read();
    this.#lateBlocks(events.filter(({ kind }) => kind === 'late'));
    for (const event of events) if (event.kind !== 'late') this.#event(event);
    this.#unitsChanged();
    this.#voicesPoisoned();
  }

  /** Something that is no event of a slot. */
  report(kind: 'clock' | 'trouble' | 'lead', text: string): void {
    this.#say({ kind, ...this.#at(this.#threads.blocks()), text });
  }

  recent(): readonly FaultReport[] {
    return this.#recent;
  }

  promotions(): { readonly count: number; readonly last: Promotion | null } {
    return { count: this.#promotions, last: this.#lastPromotion ?? null };
  }

  /** What is bypassed at this moment. */
  bypassed(): BypassedUnit[] {
    return units(this.#voices()).flatMap(({ unit, name }) => {
      const word = this.#threads.core('unit', unit);
      if ((word & UNIT_BYPASSED) === 0) return [];
      const strikes = word >> UNIT_STRIKES_SHIFT;
      return [{ module: name, strikes, why: this.#why(unit, strikes) }];
    });
  }

  #why(unit: number, strikes: number): string {
    const block = this.#decided.get(unit)?.block;
    if (strikes === 0 || this.#byPlayer.has(unit)) return 'switched off by a player';
    // The slots are ahead of what is out: the block is told when it is.
    if (block === undefined) return 'failed just now';
    const again = strikes >= MAX_STRIKES ? ', the second time: it stays bypassed' : '';
    return `failed in block ${block}${again}`;
  }

  #event(event: FaultEvent): void {
    const slot = SLOT_NAMES[event.slot] ?? '?';
    const at = { ...this.#at(event.block), slot };
    switch (event.kind) {
      case 'promoted': {
        const cause = CAUSES[event.cause] ?? 'dead';
        const from = SLOT_NAMES[event.from] ?? '?';
        this.#promotions++;
        this.#lastPromotion = { ...this.#at(event.block), from, to: slot, cause };
        return this.#say({
          kind: 'promoted',
          ...at,
          text: `Slot ${slot} leads from block ${event.block} on: slot ${from} ${WHY[cause]}.`,
        });
      }
      case 'died':
        return this.#say({
          kind: 'died',
          ...at,
          text: `Slot ${slot} died in block ${event.block}, ${this.#doing(event.crumb)}.`,
        });
      case 'hung':
        return this.#say({
          kind: 'hung',
          ...at,
          text: `Slot ${slot} hung in block ${event.block}, ${this.#doing(event.crumb)}, and was ended.`,
        });
      case 'restored': {
        const by =
          FILLED[event.cause] === 'checkpoint' ? 'from a checkpoint and the log' : 'from a slot that lives';
        return this.#say({
          kind: 'restored',
          ...at,
          text: `Slot ${slot} stands by since block ${event.block}, filled ${by}.`,
        });
      }
      case 'decided':
        return this.#decisions(event);
      case 'late':
        return;
    }
  }

  #decisions(event: FaultEvent): void {
    for (let i = 0; i < decisionCount(event.crumb); i++) {
      const decision = decisionAt(event.crumb, i);
      if (decision !== SKIP && decision !== HALT) {
        const times = (this.#decided.get(decision - 1)?.times ?? 0) + 1;
        this.#decided.set(decision - 1, { block: event.block, times });
        continue;
      }
      const halted = decision === HALT;
      this.#say({
        kind: 'decided',
        ...this.#at(event.block),
        left: halted ? 'sequencer' : 'commands',
        text: halted
          ? `The sequencer was stopped at block ${event.block}: it killed every slot. Start it again with /seq/start.`
          : `The commands of block ${event.block} were skipped: they killed every slot that applied them.`,
      });
    }
  }

  #lateBlocks(late: readonly FaultEvent[]): void {
    const [first] = late;
    if (!first) return;
    const worstMs = Math.max(...late.map(({ cause }) => cause)).toFixed(1);
    const text =
      late.length === 1
        ? `Block ${first.block} came ${worstMs} ms late.`
        : `${late.length} blocks from ${first.block} on came late, by up to ${worstMs} ms.`;
    this.#say({ kind: 'late', ...this.#at(first.block), text });
  }

  /** The core's own word for it: whoever switched it, and in whichever way. */
  #unitsChanged(): void {
    for (const { unit, name } of units(this.#voices())) {
      const word = this.#threads.core('unit', unit);
      const before = this.#unitWords[unit] as number;
      if (word === before) continue;
      // The slots are ahead: what was decided is told when the block is out.
      if (word >> UNIT_STRIKES_SHIFT > (this.#decided.get(unit)?.times ?? 0)) continue;
      this.#unitWords[unit] = word;
      const failed = word >> UNIT_STRIKES_SHIFT > before >> UNIT_STRIKES_SHIFT;
      if ((word & UNIT_BYPASSED) !== 0 && !failed) this.#byPlayer.add(unit);
      else this.#byPlayer.delete(unit);
      const is = (word & UNIT_BYPASSED) !== 0;
      const at = { ...this.#at(this.#decided.get(unit)?.block ?? this.#threads.blocks()), module: name };
      if (!is) {
        if ((before & UNIT_BYPASSED) !== 0)
          this.#say({
            kind: 'back',
            ...at,
            ...this.#at(this.#threads.blocks()),
            text: `${name} is switched on again.`,
          });
        continue;
      }
      const strikes = word >> UNIT_STRIKES_SHIFT;
      const id = name.replace(/-\d+$/, '');
      const mend =
        strikes >= MAX_STRIKES
          ? 'It has failed twice and stays bypassed until the engine is started again.'
          : `Switch it on again with /engine/bypass ${id} 0.`;
      this.#say({
        kind: 'bypassed',
        ...at,
        text: `${name} is bypassed: ${this.#why(unit, strikes)}. ${mend}`,
      });
    }
  }

  #voicesPoisoned(): void {
    const count = this.#threads.core('poisoned');
    if (count === this.#poisoned) return;
    this.#poisoned = count;
    const voice = this.#threads.core('poisonedVoice');
    const module = voice > 0 ? { module: `voice${voice}` } : {};
    const what = voice > 0 ? `voice${voice}` : 'A module';
    this.#say({
      kind: 'poisoned',
      ...this.#at(this.#threads.blocks()),
      ...module,
      text: `${what} was no longer finite and has been reset (${count} so far).`,
    });
  }

  #doing(crumb: number): string {
    if (crumb === CRUMB_COMMANDS) return 'while it applied commands';
    if (crumb === CRUMB_SEQUENCER) return 'in the sequencer';
    if (crumb > 0) return `in ${unitName(crumb - 1, this.#voices()) ?? 'a module'}`;
    return DOING[STEPS[-1 - crumb] ?? 'wait'];
  }

  #voices(): number {
    return this.#threads.run.format.voices;
  }

  #at(block: number): { readonly block: number; readonly frame: number } {
    return { block, frame: block * this.#threads.run.format.blockFrames };
  }

  #say(report: FaultReport): void {
    this.#recent.push(report);
    if (this.#recent.length > KEPT) this.#recent.shift();
    this.#tell(report);
  }
}
