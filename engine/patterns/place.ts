/**
 * A value inside a slot file together with its path, so that whatever is wrong can be named:
 * `sequencer.tracks.kick.notes[2]`. Every reading method throws Refused for a value of the wrong kind; the reader of
 * the file catches it, so the first mistake refuses the whole file and nothing is half applied.
 */
import { clampTo, describeRange, finiteNumber, type Range } from '../sequence/range.js';
import { show, type Problem } from '../shared/outcome.js';

/** Carries a problem out of the depth of a file. Never leaves engine/patterns. */
export class Refused extends Error {
  constructor(readonly problem: Problem) {
    super(problem.mend);
  }
}

export class Place {
  /** `above`: undefined for the whole file; else the place this one is in, by the name of a member or a number. */
  constructor(
    readonly value: unknown,
    /** Shared by all places of one file. */
    readonly warnings: string[],
    private readonly above?: Place,
    private readonly step: string | number = '',
  ) {}

  /** Made when it is needed: a good file needs none, and has thousands. */
  get path(): string {
    if (!this.above) return '';
    const before = this.above.path;
    if (typeof this.step === 'number') return `${before}[${this.step}]`;
    if (!/^[\w-]+$/.test(this.step)) return `${before}[${JSON.stringify(this.step)}]`;
    return before === '' ? this.step : `${before}.${this.step}`;
  }

  /** The member of that name; only what the file itself holds counts. */
  get(key: string): Place | undefined {
    const object = this.object();
    return Object.hasOwn(object, key) ? new Place(object[key], this.warnings, this, key) : undefined;
  }

  keys(): string[] {
    return Object.keys(this.object());
  }

  items(): Place[] {
    if (!Array.isArray(this.value)) throw this.refusal('a list');
    return this.value.map((item, i) => new Place(item, this.warnings, this, i));
  }

  /** A finite number, or a text that is one. */
  number(allowed = 'a finite number'): number {
    const number = finiteNumber(this.value);
    if (number === undefined) throw this.refusal(allowed);
    if (typeof this.value === 'string')
      this.warnings.push(`${this.path}: the text ${show(this.value)} is read as a number`);
    return number;
  }

  /** A number, moved into the range with a warning where it lies outside. */
  within(range: Range): number {
    const { value } = this;
    if (typeof value === 'number' && value >= range.min && value <= range.max) return value;
    return clampTo(range, this.number(`a number, ${describeRange(range)}`), this.path, this.warnings);
  }

  /** The numbers of a list, each as `within`. */
  listWithin(range: Range): number[] {
    const { value } = this;
    const fits = (x: unknown): boolean => typeof x === 'number' && x >= range.min && x <= range.max;
    if (Array.isArray(value) && value.every(fits)) return [...(value as number[])];
    return this.items().map((item) => item.within(range));
  }

  /** A number without its fraction, as the original reads whole numbers. */
  whole(): number {
    return Math.trunc(this.number('a whole number'));
  }

  text(): string {
    if (typeof this.value !== 'string') throw this.refusal('a text');
    return this.value;
  }

  /** true or false; 1 and 0 count as these. */
  truth(): boolean {
    if (this.value === true || this.value === 1) return true;
    if (this.value === false || this.value === 0) return false;
    throw this.refusal('true or false');
  }

  refusal(allowed: string): Refused {
    const mend = 'Nothing was loaded. Correct the file at this place.';
    return new Refused({
      code: 'E_SLOT_FIELD',
      where: this.path || 'the document',
      got: show(this.value),
      allowed,
      mend,
    });
  }

  object(): Readonly<Record<string, unknown>> {
    if (typeof this.value !== 'object' || this.value === null || Array.isArray(this.value)) {
      throw this.refusal('an object');
    }
    return this.value as Readonly<Record<string, unknown>>;
  }
}
