/** Lengths of steps: `2`, `0.5`, `1/3`, as fractions of whole numbers. */
import { fail, show, succeed, type Outcome } from '../shared/outcome.js';
import { MAX_DIVISION_PART, type Division } from '../shared/track.js';
import { finiteNumber } from './range.js';

const LEAST = 1 / 64;
const MOST = 64;
/** Decimal numbers become the nearest fraction with a denominator up to this: 0.333 is a third. */
const MOST_DOWN = 64;
const NEAR = 0.0005;

/** A number, or a fraction as text. Refuses (E_DIVISION) what is neither, or lies outside 1/64 to 64. */
export function readDivision(value: unknown): Outcome<Division> {
  const parts = typeof value === 'string' ? /^\s*(\d{1,6})\s*\/\s*(\d{1,6})\s*$/.exec(value) : null;
  const found = parts ? shorten(Number(parts[1]), Number(parts[2])) : fraction(finiteNumber(value));
  if (found && isDivision(found)) return succeed(found);
  return fail({
    code: 'E_DIVISION',
    got: show(value),
    allowed: 'a number or a fraction from 1/64 to 64: 2 (eighths), 1 (sixteenths), 1/2, 4/3',
    mend: 'Nothing was changed. Send for example /seq/division bass 4/3.',
  });
}

/** The division a track has whose own tempo is `bpm` while that of the sequencer is `milliBpm`; `perBeat` steps to the beat. */
export function divisionOfTempo(milliBpm: number, bpm: number, perBeat = 4): Division {
  return shorten(Math.round((milliBpm * 4) / perBeat), Math.round(bpm * 1000)) ?? { up: 1, down: 1 };
}

function isDivision({ up, down }: Division): boolean {
  return up / down >= LEAST && up / down <= MOST && Math.max(up, down) <= MAX_DIVISION_PART;
}

function fraction(x: number | undefined): Division | undefined {
  if (x === undefined || x <= 0 || x > MOST) return undefined;
  for (let down = 1; down <= MOST_DOWN; down++) {
    const up = Math.round(x * down);
    if (up > 0 && Math.abs(up / down - x) <= NEAR * x) return shorten(up, down);
  }
  return shorten(Math.round(x * 1000), 1000);
}

function shorten(up: number, down: number): Division | undefined {
  let [a, b] = [up, down];
  while (b > 0) [a, b] = [b, a % b];
  return a > 0 && up > 0 && down > 0 ? { up: up / a, down: down / a } : undefined;
}

/** `1`, `2`, `4/3`. */
export function divisionText({ up, down }: Division): string {
  return down === 1 ? String(up) : `${up}/${down}`;
}
