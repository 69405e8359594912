/** Levels, published in the status words. Runs on: render thread. */
import {
  CELL_FRAMES,
  METER_UNIT,
  MODULE_VOICE,
  STATUS_MASTER_PEAK,
  STATUS_MASTER_POWER,
  STATUS_VOICE_PEAK,
} from './generated/layout';
import { Header } from './cell.lane';
import { LANES } from './lane.lane';
import { place, session, statusWord } from './session';
import { enter, isOut, unit, work } from './units';
import { Voice, voiceField } from '../../modules/voice/state.lane';

/** Once per block: peaks of the voices that are awake; the others have fallen to zero before they slept. */
export function voicePeaks(): void {
  if (isOut(unit(METER_UNIT))) return;
  enter(METER_UNIT);
  const base = place(MODULE_VOICE).base;
  const stride = place(MODULE_VOICE).stride;
  for (let v = 0; v < session().voices; v++) {
    const group = base + <usize>(v / LANES) * stride;
    const asleep = changetype<Header>(group).asleep !== 0;
    const peak = asleep ? <f32>0 : load<f32>(voiceField(group, v % LANES, offsetof<Voice>('peak')));
    store<f32>(statusWord(STATUS_VOICE_PEAK + v), peak);
  }
}

/**
 * Every cell. Master: peak that falls by 20 dB in 300 ms, and the mean square over 300 ms (one-pole, once per grid cell).
 * Both end at exactly zero.
 */
export function measure(left: usize, right: usize, n: i32, grid: bool): void {
  if (isOut(unit(METER_UNIT))) return;
  work(METER_UNIT);
  const peakAt = statusWord(STATUS_MASTER_PEAK);
  const powerAt = statusWord(STATUS_MASTER_POWER);
  let peak = load<f32>(peakAt);
  let sum = session().energy;
  if (grid) {
    const share: f32 = <f32>CELL_FRAMES / (<f32>0.3 * session().sampleRate);
    peak *= <f32>1 - <f32>2.302585 * share;
    if (peak < 1e-6) peak = 0;
    let power = load<f32>(powerAt);
    power += share * (sum / (<f32>CELL_FRAMES * <f32>2) - power);
    store<f32>(powerAt, power < 1e-14 ? 0 : power);
    sum = 0;
  }
  for (let i: usize = 0; i < (<usize>n) << 2; i += 4) {
    const l = load<f32>(left + i);
    const r = load<f32>(right + i);
    // Comparisons: f32.max looks after NaN and -0 and costs several times as much.
    if (abs<f32>(l) > peak) peak = abs<f32>(l);
    if (abs<f32>(r) > peak) peak = abs<f32>(r);
    sum += l * l + r * r;
  }
  session().energy = sum;
  store<f32>(peakAt, peak);
}

/** Bypassed, it shows nothing. */
export function clearLevels(): void {
  session().energy = 0;
  store<f32>(statusWord(STATUS_MASTER_PEAK), 0);
  store<f32>(statusWord(STATUS_MASTER_POWER), 0);
  for (let v = 0; v < session().voices; v++) store<f32>(statusWord(STATUS_VOICE_PEAK + v), 0);
}
