/**
 * Pattern texts -> steps. One character is one step, and a hit may carry more:
 *
 *      X  x  .  _        accent, hit, rest, tie (the note before goes on through this step)
 *      x?50  x?          played half of the time
 *      x*3               three hits in the time of one step
 *      x(3,8)  x(3,8,2)  three hits spread over eight steps (Euclid), begun two steps later in the cycle
 *
 * They combine: `X*2?75`, `x?50(5,8)`. Every other character is a rest.
 *
 * Source of the spread: E. Bjorklund, "The Theory of Rep-Rate Pattern Generation in the SNS Timing System" (2003);
 * G. Toussaint, "The Euclidean Algorithm Generates Traditional Musical Rhythms" (2005).
 */

export const MAX_STEPS = 256;
export const MAX_RATCHET = 16;

/** What a step is, in the order of their numbers in the core. */
export const STEP_KINDS = ['rest', 'hit', 'accent', 'tie'] as const;
export type StepKind = (typeof STEP_KINDS)[number];

export interface Step {
  readonly kind: StepKind;
  /** Hits in the time of the step, 1..16. */
  readonly ratchet: number;
  /** How often it is played, in per cent, 0..100. */
  readonly chance: number;
}

export interface ReadSteps {
  readonly steps: readonly Step[];
  /** Characters that are no usual rest, by position from 1. */
  readonly odd: readonly { readonly position: number; readonly char: string }[];
  /** A mistake behind an x: its position from 1, and what would be right. */
  readonly mistake?: { readonly position: number; readonly got: string; readonly allowed: string };
}

const REST: Step = { kind: 'rest', ratchet: 1, chance: 100 };
const TIE: Step = { kind: 'tie', ratchet: 1, chance: 100 };
/** A hit without a modifier. */
const PLAIN: Readonly<Record<'hit' | 'accent', readonly Step[]>> = {
  hit: [{ kind: 'hit', ratchet: 1, chance: 100 }],
  accent: [{ kind: 'accent', ratchet: 1, chance: 100 }],
};
const USUAL_RESTS = new Set(['.', '-', ' ', '\t']);
/** What a modifier begins with. */
const MODIFIERS = '?*(';
const MODIFIER = /\?(\d*)|\*(\d*)|\(([^()]*)\)?/y;
const SPREAD = /^\s*(\d{1,3})\s*,\s*(\d{1,3})\s*(?:,\s*(-?\d{1,3})\s*)?$/;

/** The steps of a text of any length; at the first mistake it ends. Pure. */
export function readSteps(text: string): ReadSteps {
  const steps: Step[] = [];
  const odd: { position: number; char: string }[] = [];
  /** A character outside the basic plane is one step too, but two places in the text. */
  let wide = 0;
  for (let i = 0; i < text.length;) {
    const char = String.fromCodePoint(text.codePointAt(i) ?? 0);
    const position = i + 1 - wide;
    wide += char.length - 1;
    i += char.length;
    if (char === 'x' || char === 'X') {
      const hit = readHit(text, i, char === 'X' ? 'accent' : 'hit');
      if ('allowed' in hit) return { steps, odd, mistake: { ...hit, position: hit.position - wide } };
      for (const step of hit.steps) steps.push(step);
      i = hit.end;
    } else {
      steps.push(char === '_' ? TIE : REST);
      if (char !== '_' && !USUAL_RESTS.has(char)) odd.push({ position, char });
    }
    if (steps.length > MAX_STEPS) break;
  }
  return { steps, odd };
}

type Mistake = NonNullable<ReadSteps['mistake']>;

interface Hit {
  readonly steps: readonly Step[];
  readonly end: number;
}

/** The modifiers from `at` on, and the steps the hit becomes. */
function readHit(text: string, at: number, kind: 'hit' | 'accent'): Hit | Mistake {
  // Most hits have none.
  if (at >= text.length || !MODIFIERS.includes(text.charAt(at))) return { steps: PLAIN[kind], end: at };
  let chance = 100;
  let ratchet = 1;
  let spread: boolean[] = [true];
  let end = at;
  for (;;) {
    MODIFIER.lastIndex = end;
    const match = MODIFIER.exec(text);
    if (!match) break;
    const mistake = (allowed: string): Mistake => ({
      position: end + 1,
      got: match[0].slice(0, 24),
      allowed,
    });
    const [, percent, count, inside] = match;
    if (percent !== undefined) {
      chance = percent === '' ? 50 : Number(percent);
      if (chance > 100) return mistake('?0 to ?100 (per cent)');
    } else if (count !== undefined) {
      ratchet = Number(count);
      if (count === '' || ratchet < 1 || ratchet > MAX_RATCHET) return mistake(`*1 to *${MAX_RATCHET} hits`);
    } else {
      const numbers = SPREAD.exec(inside ?? '');
      const [hits, length, turn] = [Number(numbers?.[1]), Number(numbers?.[2]), Number(numbers?.[3] ?? 0)];
      const fits = match[0].endsWith(')') && length >= 1 && length <= MAX_STEPS && hits <= length;
      if (!fits) return mistake('(hits,steps) or (hits,steps,turn), as x(3,8), with hits up to steps');
      spread = euclid(hits, length, turn);
    }
    end = MODIFIER.lastIndex;
  }
  return { steps: spread.map((played) => (played ? { kind, ratchet, chance } : REST)), end };
}

/**
 * `hits` as evenly as can be over `length` steps, begun `turn` steps later: Bjorklund's pairing, so that (5,8) is
 * x.xx.xx. as everywhere. `hits` 0..length.
 */
export function euclid(hits: number, length: number, turn = 0): boolean[] {
  let heads: boolean[][] = Array.from({ length: hits }, () => [true]);
  let tails: boolean[][] = Array.from({ length: length - hits }, () => [false]);
  while (Math.min(heads.length, tails.length) > 1) {
    const pairs = Math.min(heads.length, tails.length);
    const rest = heads.length > tails.length ? heads.slice(pairs) : tails.slice(pairs);
    const [left, right] = [heads, tails];
    heads = Array.from({ length: pairs }, (_, i) => [...(left[i] ?? []), ...(right[i] ?? [])]);
    tails = rest;
  }
  const cycle = [...heads, ...tails].flat();
  return cycle.map((_, i) => cycle[(((i + turn) % length) + length) % length] as boolean);
}

/** The word of a step in the core: kind (bits 0-7), ratchet (8-15), chance (16-23). */
export function stepWord({ kind, ratchet, chance }: Step): number {
  return STEP_KINDS.indexOf(kind) | (ratchet << 8) | (chance << 16);
}

/** The steps as a text that the original reads: X, x and rests. */
export function plainPattern(steps: readonly Step[]): string {
  return steps.map(({ kind }) => (kind === 'accent' ? 'X' : kind === 'hit' ? 'x' : '.')).join('');
}
