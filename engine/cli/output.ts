/**
 * What a command leaves behind: the answer on stdout, everything else on stderr, and the exit code. With --json the
 * answer, or the problem, is one JSON document. The exit code is only set, so that what was written gets out whole.
 */
import type { Outcome, Problem } from '../shared/outcome.js';

export const FAILED = 1;
export const WRONG_USE = 2;

/** An answer in both forms. */
export interface Said {
  /** For --json; must survive JSON. */
  readonly document: unknown;
  /** For people; empty: nothing has to be said. */
  readonly text: string;
}

export function printJson(document: unknown): void {
  process.stdout.write(`${JSON.stringify(document)}\n`);
}

export function printError(problem: Problem, json: boolean): void {
  if (json) printJson({ error: problem });
  else process.stderr.write(problemText(problem));
}

/** Code and what came, then what would have been taken, names that look like it, and the mend. */
export function problemText({ code, where, got, allowed, nearest, mend }: Problem): string {
  const place = where === undefined || got.startsWith(where) ? '' : ` ${where}:`;
  const near = nearest?.length ? `  did you mean: ${nearest.join(', ')}\n` : '';
  return `${code}:${place} got ${got}\n  allowed: ${allowed}\n${near}  ${mend}\n`;
}

/** Prints an answer or a problem and sets the exit code. */
export function give(outcome: Outcome<Said>, json: boolean): void {
  if (!outcome.ok) {
    printError(outcome.error, json);
    process.exitCode = FAILED;
    return;
  }
  const { value, warnings } = outcome;
  if (json) return printJson(withWarnings(value.document, warnings));
  for (const warning of warnings) process.stderr.write(`warning: ${warning}\n`);
  if (value.text !== '') process.stdout.write(`${value.text}\n`);
}

/** A list has no place for them: there they go to stderr. */
function withWarnings(document: unknown, warnings: readonly string[]): unknown {
  if (warnings.length === 0) return document;
  if (typeof document === 'object' && document !== null && !Array.isArray(document)) {
    return { ...document, warnings };
  }
  for (const warning of warnings) process.stderr.write(`warning: ${warning}\n`);
  return document;
}
