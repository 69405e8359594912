/**
 * Which reports become a line in the terminal. Takeovers that nobody hears do not; late blocks at most every few seconds, as
 * a machine that is too slow has many. Runs on: main thread.
 */
import type { FaultReport } from './fault-watch.js';

const QUIET: ReadonlySet<FaultReport['kind']> = new Set(['promoted', 'restored']);
const LATE_EVERY_MS = 5000;

export function faultLines(say: (line: string) => void, now = (): number => performance.now()) {
  let saidLateAt = -Infinity;
  let unsaid = 0;
  return (report: FaultReport): void => {
    if (QUIET.has(report.kind)) return;
    if (report.kind !== 'late') return say(report.text);
    if (now() - saidLateAt < LATE_EVERY_MS) {
      unsaid++;
      return;
    }
    say(unsaid > 0 ? `${report.text} Before it, blocks were late ${unsaid} times more.` : report.text);
    saidLateAt = now();
    unsaid = 0;
  };
}
