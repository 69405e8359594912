/**
 * Music time. A position is a whole number of units of 1 / (15000 * rate) of a sixteenth, so that one frame at b
 * thousandths of a BPM is exactly b units and a sixteenth is 15 000 * rate units. The position clock always runs, also
 * while the sequencer stands. Nothing is ever rounded but the one frame an event falls on: the first whose position is
 * not before it. No drift, at any tempo and through any ramp.
 *
 * A ramp of F frames from b0 to b1: frame n of it lasts b0 + trunc((b1 - b0) * n / F) units. The sum over frames is taken
 * in closed form, exactly.
 */
import { STATUS_MILLI_BPM } from './generated/layout';
import { schedule, sequencer } from './sequencer';
import { session, statusWord } from './session';

/** Longest nudge. */
const MOST_MICROS: i64 = 250000;

/** Units of a sixteenth. */
export function stepUnits(): i64 {
  return <i64>15000 * <i64>session().sampleRate;
}

/**
 * Sum of floor(a * i / m) for i from 0 to n - 1; n, a >= 0, m > 0. Cost: as Euclid's algorithm.
 * Source: the "floor sum" of the AtCoder Library (CC0), after Graham, Knuth, Patashnik, Concrete Mathematics, 3.5.
 */
function floorSum(n: i64, m: i64, a: i64): i64 {
  let b: i64 = 0;
  let sum: i64 = 0;
  let most = m;
  while (most >= m) {
    if (a >= m) {
      sum += ((n * (n - 1)) / 2) * (a / m);
      a %= m;
    }
    if (b >= m) {
      sum += n * (b / m);
      b %= m;
    }
    most = a * n + b;
    n = most / m;
    b = most % m;
    if (most < m) break;
    const t = m;
    m = a;
    a = t;
  }
  return sum;
}

/** Units of the first n frames behind the anchor. */
function unitsOf(n: i64): i64 {
  const s = sequencer();
  if (s.rampFrames === 0) return n * s.milliBpm;
  const ramped = min<i64>(n, s.rampFrames);
  const rise = s.rampTo - s.milliBpm;
  const bend = floorSum(ramped, s.rampFrames, rise < 0 ? -rise : rise);
  return ramped * s.milliBpm + (rise < 0 ? -bend : bend) + (n - ramped) * s.rampTo;
}

/** Position at a frame that is not before the last change of tempo. */
export function positionAt(frame: i64): i64 {
  const s = sequencer();
  return s.anchorPosition + unitsOf(frame - s.anchorFrame);
}

/** First frame at or after a position, not before the last change of tempo. */
export function frameAt(position: i64): i64 {
  const s = sequencer();
  const ahead = position - s.anchorPosition;
  if (ahead <= 0) return s.anchorFrame;
  if (s.rampFrames === 0) return s.anchorFrame + (ahead + s.milliBpm - 1) / s.milliBpm;
  const ramp = unitsOf(s.rampFrames);
  if (ahead > ramp) return s.anchorFrame + s.rampFrames + (ahead - ramp + s.rampTo - 1) / s.rampTo;
  let low: i64 = 1;
  let high = s.rampFrames;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (unitsOf(middle) >= ahead) high = middle;
    else low = middle + 1;
  }
  return s.anchorFrame + low;
}

/** Thousandths of a BPM at this frame. */
export function tempoNow(): i64 {
  const s = sequencer();
  const n = session().frame - s.anchorFrame;
  if (s.rampFrames === 0) return s.milliBpm;
  if (n >= s.rampFrames) return s.rampTo;
  return s.milliBpm + ((s.rampTo - s.milliBpm) * n) / s.rampFrames;
}

/** Frames a quarter lasts at the tempo of this frame. */
export function framesPerQuarter(): f64 {
  return (60000.0 * <f64>session().sampleRate) / <f64>tempoNow();
}

/** This frame is the anchor from now on, at this tempo. */
function anchor(milliBpm: i64): void {
  const s = sequencer();
  const now = session().frame;
  s.anchorPosition = positionAt(now);
  s.anchorFrame = now;
  s.milliBpm = milliBpm;
  s.rampFrames = 0;
}

/** A ramp that is over is forgotten; the tempo is told. */
export function settleTempo(): void {
  const s = sequencer();
  if (s.rampFrames !== 0 && session().frame - s.anchorFrame >= s.rampFrames) anchor(s.rampTo);
  store<i32>(statusWord(STATUS_MILLI_BPM), <i32>tempoNow());
}

/** `milliBeats`: 0, at once; else a straight line in time that lasts as long as that many thousandths of a beat do on it. */
export function setTempo(milliBpm: i32, milliBeats: i32): void {
  if (milliBpm <= 0 || milliBeats < 0) return;
  const s = sequencer();
  const from = tempoNow();
  if (milliBeats === 0) {
    anchor(milliBpm);
  } else {
    const units = ((<i64>milliBeats * stepUnits()) / 1000) * 4;
    anchor(from);
    s.rampTo = milliBpm;
    s.rampFrames = max<i64>(1, (2 * units) / (from + <i64>milliBpm));
  }
  schedule();
}

/** All that is to come falls that many microseconds later, or earlier where it is below 0; at most a quarter of a second. */
export function nudge(micros: i32): void {
  const held = max<i64>(-MOST_MICROS, min<i64>(MOST_MICROS, <i64>micros));
  const by = (held * <i64>session().sampleRate) / 1000000;
  sequencer().anchorPosition -= by * tempoNow();
  schedule();
}
