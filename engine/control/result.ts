/** Warnings of the check, told together with those of what was done. */
import { succeed, type Outcome } from '../shared/outcome.js';
import type { Result } from './handlers.js';

export function withWarnings<T>(outcome: Outcome<T>, warnings: readonly string[]): Outcome<T> {
  return outcome.ok && warnings.length > 0
    ? succeed(outcome.value, [...warnings, ...outcome.warnings])
    : outcome;
}

export function also(result: Result, warnings: readonly string[]): Result {
  if (warnings.length === 0) return result;
  if ('hold' in result) return { hold: result.hold.then((outcome) => withWarnings(outcome, warnings)) };
  if ('then' in result) return result.then((outcome) => withWarnings(outcome, warnings));
  return withWarnings(result, warnings);
}
