/** Takes an outcome apart, with a message a person can use when it is the other one. */
import assert from 'node:assert/strict';
import { describeProblem, type Outcome, type Problem } from '../../engine/shared/outcome.js';

export function valueOf<T>(outcome: Outcome<T>): T {
  assert.ok(outcome.ok, outcome.ok ? '' : describeProblem(outcome.error));
  return outcome.value;
}

/** The value, when there was nothing to warn of. */
export function cleanValueOf<T>(outcome: Outcome<T>): T {
  const value = valueOf(outcome);
  assert.deepEqual(outcome.ok ? outcome.warnings : [], []);
  return value;
}

export function warningsOf(outcome: Outcome<unknown>): string {
  valueOf(outcome);
  return outcome.ok ? outcome.warnings.join('\n') : '';
}

/** The problem; every one must say what came, what is allowed and the mend. */
export function errorOf(outcome: Outcome<unknown>, code: string): Problem {
  assert.ok(!outcome.ok, `expected ${code}, but it was taken`);
  const { error } = outcome;
  assert.equal(error.code, code, describeProblem(error));
  for (const text of [error.got, error.allowed, error.mend])
    assert.ok(text.length > 0, describeProblem(error));
  return error;
}
