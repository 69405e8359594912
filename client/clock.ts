import type { Clock } from './transport.js';

/** The time of the system. Wakes up a little early rather than late by much: a timer may sleep longer than it was told. */
export function systemClock(): Clock {
  return {
    now: () => Date.now(),
    async until(ms) {
      for (let left = ms - Date.now(); left > 0; left = ms - Date.now())
        await new Promise((resolve) => setTimeout(resolve, Math.min(left, 60_000)));
    },
  };
}
