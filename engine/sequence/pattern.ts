/**
 * Pattern texts: one character is one step. `X` is an accent, `x` a normal hit, everything else a rest.
 * `.`, `-` and a blank are the usual rests; any other character is probably a slip, so its place is reported.
 */
import { fail, show, succeed, type Outcome } from '../shared/outcome.js';
import { MAX_STEPS } from '../shared/track.js';

const USUAL = new Set(['X', 'x', '.', '-', ' ', '\t']);

/**
 * The pattern as it came, 1 to 256 steps. Refuses (E_PATTERN) what is no text, is empty or is too long. One warning
 * names every unusual character with its position, counted from 1.
 */
export function checkPattern(value: unknown): Outcome<string> {
  if (typeof value !== 'string') return refuse(show(value), 'Send the pattern as a text.');
  const steps = [...value];
  if (steps.length === 0)
    return refuse('an empty text', 'Give it at least one step; one dot is a track that rests.');
  if (steps.length > MAX_STEPS) {
    return refuse(`${steps.length} steps`, 'Cut it; shorter patterns repeat by themselves.');
  }
  const odd = steps.flatMap((step, i) => (USUAL.has(step) ? [] : [`${i + 1} (${JSON.stringify(step)})`]));
  if (odd.length === 0) return succeed(value);
  const places = `position${odd.length > 1 ? 's' : ''} ${odd.join(', ')}`;
  return succeed(value, [`pattern: a rest at ${places}; X is an accent, x a hit, . a rest`]);
}

function refuse(got: string, mend: string): Outcome<string> {
  const allowed = `a text of 1 to ${MAX_STEPS} steps: X accent, x hit, . rest`;
  return fail({ code: 'E_PATTERN', got, allowed, mend });
}
