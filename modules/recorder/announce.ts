/** What takes tell by themselves: /recording/state, /recording/progress, /recording/error, /recording/warning. */
import { describeProblem, type Problem } from '../../engine/shared/outcome.js';
import type { TakeState } from './states.js';

/** An argument of OSC: its type tag and its value. */
export interface Published {
  readonly type: 's' | 'f' | 'i' | 'h';
  readonly value: string | number;
}
export type Publish = (address: string, args: readonly Published[]) => void;

const text = (value: string): Published => ({ type: 's', value });
/** 64 bit only where 32 are too few: not every client reads h. */
const whole = (value: number): Published => ({ type: value < 2 ** 31 ? 'i' : 'h', value });

/** id, state, time (ISO 8601, UTC). */
export function announceState(publish: Publish, id: string, state: TakeState, at: Date): void {
  publish('/recording/state', [text(id), text(state), text(at.toISOString())]);
}

/** id, code, sentence. */
export function announceError(publish: Publish, id: string, problem: Problem): void {
  publish('/recording/error', [text(id), text(problem.code), text(describeProblem(problem))]);
}

/** id, code, sentence: the take goes on. */
export function announceWarning(publish: Publish, id: string, code: string, sentence: string): void {
  publish('/recording/warning', [text(id), text(code), text(sentence)]);
}

/** id, seconds, bytes of the file. */
export function announceProgress(publish: Publish, id: string, seconds: number, bytes: number): void {
  publish('/recording/progress', [text(id), { type: 'f', value: seconds }, whole(bytes)]);
}

/** A take that an engine before this one could not end: path, sentence. */
export function announceRecovered(publish: Publish, path: string, sentence: string): void {
  publish('/recording/recovered', [text(path), text(sentence)]);
}
