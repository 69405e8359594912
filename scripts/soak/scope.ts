/** What a part started is ended when it is over, also after a failure: the last one first. */
import type { Scope } from '../../test/helpers/engine.js';

export async function inScope<T>(act: (scope: Scope) => Promise<T>): Promise<T> {
  const ends: (() => unknown)[] = [];
  try {
    return await act({ after: (end) => void ends.push(end) });
  } finally {
    for (const end of ends.reverse()) await end();
  }
}
