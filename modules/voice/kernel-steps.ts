/**
 * The tables of band-limited steps and bends, worked out once by init(): a windowed sinc (Kaiser, beta 9, cutoff 0.90 of
 * Nyquist), integrated once and twice. 32 taps, 128 positions of the jump between two samples, straight lines between
 * them: with 64 positions these were the floor of all aliases, and synced waves missed -90 dB. Linear phase: harmonics
 * keep their phase and the delay (16 frames) is the same for all. Sources: Brandt, "Hard sync without aliasing" (ICMC
 * 2001); Esqueda, Valimaki and Bilbao, "Rounding corners with BLAMP" (DAFx 2016).
 *
 * In f64 from series of its own, so that every build and machine gives the same bits. As numbers in the file they would
 * be a quarter of it.
 */

export const BLEP_TAPS: i32 = 32;
export const BLEP_PHASES: i32 = 128;
/** One more than phases, to interpolate. */
const ROWS: i32 = BLEP_PHASES + 1;
const TABLE_BYTES: i32 = 4 * ROWS * BLEP_TAPS;
/** [phase 0..128][tap]: the smooth step from 0 to 1, less the ideal one. */
export const BLEP_REST: usize = memory.data(TABLE_BYTES, 16);
/** The same of a bend from slope 0 to slope 1 per frame. */
export const BLAMP_REST: usize = memory.data(TABLE_BYTES, 16);

const BETA: f64 = 9.0;
const CUTOFF: f64 = 0.9;
const PI: f64 = 3.141592653589793;
const HALF: i32 = BLEP_TAPS / 2;
/** Steps of Simpson's rule from one phase to the next: exact to 1e-8. */
const FINE: i32 = 1;
/** The smooth step and its first moment at every phase of every tap. */
const POINTS: i32 = BLEP_TAPS * BLEP_PHASES;
const STEP: usize = memory.data(8 * (POINTS + 1), 16);
const MOMENT: usize = memory.data(8 * (POINTS + 1), 16);

/** Modified Bessel function of the first kind, order 0, by its series; x up to 9. */
function besselI0(x: f64): f64 {
  const q = x * x * 0.25;
  let term: f64 = 1.0;
  let sum: f64 = 1.0;
  for (let k: f64 = 1.0; k < 26.0; k += 1.0) {
    term *= q / (k * k);
    sum += term;
  }
  return sum;
}

/** sin(pi x), by its series on -0.5..0.5. */
function sinPi(x: f64): f64 {
  const whole = nearest<f64>(x);
  const a = (x - whole) * PI;
  const u = a * a;
  let term = a;
  let sum = a;
  for (let k: f64 = 2.0; k < 22.0; k += 2.0) {
    term *= -u / (k * (k + 1.0));
    sum += term;
  }
  return ((<i32>whole) & 1) !== 0 ? -sum : sum;
}

/** The low-pass at t samples from its middle, at any scale. */
function impulse(t: f64): f64 {
  const x = t / <f64>HALF;
  const window = besselI0(BETA * sqrt<f64>(max<f64>(0.0, 1.0 - x * x)));
  return window * (t === 0.0 ? CUTOFF : sinPi(CUTOFF * t) / (PI * t));
}

/** Fills both tables, once in a memory. Runs on: the thread that makes a core; about 1 ms. */
export function makeStepTables(): void {
  if (load<f32>(BLEP_REST + 4) !== 0) return;
  const h: f64 = 1.0 / <f64>(BLEP_PHASES * FINE);
  let step: f64 = 0.0;
  let moment: f64 = 0.0;
  let at: f64 = impulse(<f64>-HALF);
  for (let i = 0; i < POINTS; i++) {
    for (let j = 0; j < FINE; j++) {
      const t = <f64>-HALF + <f64>(i * FINE + j) * h;
      const middle = impulse(t + 0.5 * h);
      const next = impulse(t + h);
      step += (h / 6.0) * (at + 4.0 * middle + next);
      moment += (h / 6.0) * (t * at + 4.0 * (t + 0.5 * h) * middle + (t + h) * next);
      at = next;
    }
    store<f64>(STEP + ((<usize>i) << 3), step, 8);
    store<f64>(MOMENT + ((<usize>i) << 3), moment, 8);
  }
  // Row p is for a jump p/128 of a sample before a sample instant. The ideal curve has jumped from tap 16 on for every p:
  // interpolating between rows never crosses the jump.
  for (let p = 0; p < ROWS; p++) {
    for (let tap = 0; tap < BLEP_TAPS; tap++) {
      const i = (<usize>(tap * BLEP_PHASES + p)) << 3;
      const t = <f64>(tap - HALF) + <f64>p / <f64>BLEP_PHASES;
      const s = load<f64>(STEP + i) / step;
      const bend = (t * load<f64>(STEP + i) - load<f64>(MOMENT + i)) / step;
      const to = (<usize>(p * BLEP_TAPS + tap)) << 2;
      store<f32>(BLEP_REST + to, <f32>(tap < HALF ? s : s - 1.0));
      store<f32>(BLAMP_REST + to, <f32>(tap < HALF ? bend : bend - t));
    }
  }
}
