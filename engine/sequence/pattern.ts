/**
 * Pattern texts of a track: see engine/shared/steps.ts for what may stand in one. `.`, `-` and a blank are the usual
 * rests; any other character that means nothing is probably a slip, so its place is reported.
 */
import { fail, show, succeed, type Outcome } from '../shared/outcome.js';
import { MAX_STEPS, readSteps } from '../shared/steps.js';

/**
 * The pattern as it came, 1 to 256 steps. Refuses (E_PATTERN) what is no text, is empty, is too long, or has a mistake
 * behind an x. One warning names every unusual character with its position, counted from 1.
 */
export function checkPattern(value: unknown): Outcome<string> {
  if (typeof value !== 'string') return refuse(show(value), 'Send the pattern as a text.');
  if (value === '') {
    return refuse('an empty text', 'Give it at least one step; one dot is a track that rests.');
  }
  const { steps, odd, mistake } = readSteps(value);
  if (mistake) {
    const got = `${show(mistake.got)} at position ${mistake.position}`;
    return refuse(got, `Nothing was changed. Write ${mistake.allowed}.`);
  }
  if (steps.length > MAX_STEPS) {
    return refuse(`more than ${MAX_STEPS} steps`, 'Cut it; shorter patterns repeat by themselves.');
  }
  if (odd.length === 0) return succeed(value);
  const places = odd.map(({ position, char }) => `${position} (${JSON.stringify(char)})`);
  const where = `position${odd.length > 1 ? 's' : ''} ${places.join(', ')}`;
  return succeed(value, [`pattern: a rest at ${where}; X is an accent, x a hit, . a rest, _ a tie`]);
}

function refuse(got: string, mend: string): Outcome<string> {
  const allowed = `a text of 1 to ${MAX_STEPS} steps: X accent, x hit, . rest, _ tie; x?50, x*3, x(3,8)`;
  return fail({ code: 'E_PATTERN', got, allowed, mend });
}
