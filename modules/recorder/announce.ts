/** What takes tell by themselves: /recording/state, /recording/error, /recording/progress. */
import { describeProblem, type Problem } from '../../engine/shared/outcome.js';

/** An argument of OSC: its type tag and its value. */
export interface Published {
  readonly type: 's' | 'f' | 'i' | 'h';
  readonly value: string | number;
}
export type Publish = (address: string, args: readonly Published[]) => void;

const text = (value: string): Published => ({ type: 's', value });
/** 64 bit only where 32 are too few: not every client reads h. */
const whole = (value: number): Published => ({ type: value < 2 ** 31 ? 'i' : 'h', value });

/** id, state; and for a take that failed id, sentence. */
export function announceState(publish: Publish, id: string, state: string, problem?: Problem): void {
  publish('/recording/state', [text(id), text(state)]);
  if (problem) publish('/recording/error', [text(id), text(describeProblem(problem))]);
}

/** id, seconds, bytes of the file. */
export function announceProgress(publish: Publish, id: string, seconds: number, bytes: number): void {
  publish('/recording/progress', [text(id), { type: 'f', value: seconds }, whole(bytes)]);
}
