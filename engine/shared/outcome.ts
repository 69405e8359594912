/**
 * What a check gives back: the value, or one problem that says the mend. Nothing in the control plane throws for
 * what a player sent; it returns one of these. A leaf: imports nothing.
 */

/** Why something was refused. All texts are for people; `code` is for programs and never changes. */
export interface Problem {
  /** `E_...`, one per kind of mistake. */
  readonly code: string;
  /** The place inside what came, where it has one: `sequencer.tracks.kick.notes[2]`. */
  readonly where?: string;
  /** What came, shortened where it is long. */
  readonly got: string;
  /** What would have been taken. */
  readonly allowed: string;
  /** What to do now. */
  readonly mend: string;
  /** Names that look like the one that came, best first. */
  readonly nearest?: readonly string[];
}

export interface Success<T> {
  readonly ok: true;
  readonly value: T;
  /** What was changed on the way (clamped, ignored), one sentence each; empty when nothing was. */
  readonly warnings: readonly string[];
}

export interface Failure {
  readonly ok: false;
  readonly error: Problem;
}

export type Outcome<T> = Success<T> | Failure;

export function succeed<T>(value: T, warnings: readonly string[] = []): Success<T> {
  return { ok: true, value, warnings };
}

export function fail(error: Problem): Failure {
  return { ok: false, error };
}

/** What came, as a person reads it: texts in quotes, at most `limit` characters. */
export function show(value: unknown, limit = 60): string {
  const text = typeof value === 'string' ? `'${value}'` : (plain(value) ?? String(value));
  return text.length > limit ? `${text.slice(0, limit - 3)}...` : text;
}

function plain(value: unknown): string | undefined {
  if (value === null || typeof value !== 'object') return undefined;
  return Array.isArray(value) ? 'a list' : 'an object';
}

/** The problem as one line: code, place, what came, what is allowed, what to do. */
export function describeProblem(problem: Problem): string {
  const where = problem.where === undefined ? '' : ` ${problem.where}`;
  const nearest = problem.nearest?.length ? ` Did you mean ${problem.nearest.join(' or ')}?` : '';
  return `${problem.code}${where}: got ${problem.got}, allowed ${problem.allowed}.${nearest} ${problem.mend}`;
}
