/** Properties that hold for anything a generator makes up. CHRONUS_SEED repeats a run. */
import fc from 'fast-check';
import type { TestContext } from 'node:test';

const SEED = Number(process.env['CHRONUS_SEED'] ?? Date.now() % 2 ** 31);

/** Checks the property `runs` times and says how to repeat it. `check` throws when it does not hold. */
export function holds<T>(
  t: TestContext,
  values: fc.Arbitrary<T>,
  check: (value: T) => void,
  runs = 300,
): void {
  t.diagnostic(`CHRONUS_SEED=${SEED}`);
  fc.assert(fc.property(values, check), { seed: SEED, numRuns: runs });
}
