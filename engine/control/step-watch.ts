/**
 * The steps of the sequencer as they begin, for `/seq/step`. Seen from outside by looking at the position of the core often
 * enough; several steps between two looks are all told. Pure.
 */

/** Steps of a bar. */
export const BAR_STEPS = 16;
/** After a very long stall: the newest so many. */
const MOST = 512;
/** A slot that takes over for another may be that many steps behind it. */
const BEHIND_STEPS = 12;
/** Looks after which a step backwards is a new start and no slot that catches up. */
const PATIENCE = 40;

export interface SequencerPosition {
  readonly running: boolean;
  /** The step that is played next. */
  readonly step: number;
}

export class StepWatch {
  #next: number | undefined;
  #running = false;
  #behind = 0;

  /** The numbers of the steps that have begun since the last look, counted from the start; none at the first look. */
  look({ running, step }: SequencerPosition): number[] {
    const before = this.#next;
    const started = running && !this.#running;
    this.#running = running;
    if (before !== undefined && !started && this.#catchesUp(before, step)) return [];
    this.#behind = 0;
    this.#next = step;
    if (before === undefined) return [];
    const from = Math.max(started || step < before ? 0 : before, step - MOST);
    return Array.from({ length: step - from }, (_, i) => from + i);
  }

  /** The next look is a first one. */
  forget(): void {
    this.#next = undefined;
  }

  #catchesUp(before: number, step: number): boolean {
    const back = before - step;
    return back > 0 && back <= BEHIND_STEPS && ++this.#behind < PATIENCE;
  }
}
