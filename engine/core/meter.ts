/** Levels, published in the status words. Runs on: render thread, every cell. */
import {
  CELL_FRAMES,
  STATUS_MASTER_PEAK,
  STATUS_MASTER_POWER,
  STATUS_VOICE_PEAK,
} from './generated/layout';
import { Header } from './cell.lane';
import { LANES } from './lane.lane';
import { session, statusWord } from './session';
import { Voice, voiceField } from '../../modules/voice/kernel.lane';

/** Peaks of the voices that are awake; the others have fallen to zero before they slept. */
export function voicePeaks(base: usize, stride: usize): void {
  for (let v = 0; v < session().voices; v++) {
    const group = base + <usize>(v / LANES) * stride;
    const asleep = changetype<Header>(group).asleep !== 0;
    const peak = asleep ? <f32>0 : load<f32>(voiceField(group, v % LANES, offsetof<Voice>('peak')));
    store<f32>(statusWord(STATUS_VOICE_PEAK + v), peak);
  }
}

/**
 * Master: peak that falls by 20 dB in 300 ms, and the mean square over 300 ms (one-pole).
 * Both end at exactly zero.
 */
export function measure(left: usize, right: usize, n: i32, grid: bool): void {
  const peakAt = statusWord(STATUS_MASTER_PEAK);
  const powerAt = statusWord(STATUS_MASTER_POWER);
  let peak = load<f32>(peakAt);
  let power = load<f32>(powerAt);
  const share: f32 = <f32>1 / (<f32>0.3 * session().sampleRate);
  if (grid) {
    peak *= <f32>1 - <f32>2.302585 * <f32>CELL_FRAMES * share;
    if (peak < 1e-6) peak = 0;
    if (power < 1e-14) power = 0;
  }
  for (let i: usize = 0; i < <usize>n; i++) {
    const l = load<f32>(left + (i << 2));
    const r = load<f32>(right + (i << 2));
    peak = max<f32>(peak, max<f32>(abs<f32>(l), abs<f32>(r)));
    power += share * ((l * l + r * r) * <f32>0.5 - power);
  }
  store<f32>(peakAt, peak);
  store<f32>(powerAt, power);
}
