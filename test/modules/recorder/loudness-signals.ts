/** Test signals of EBU Tech 3341 and 3342, made by formula and fed to a meter bit by bit. */
import assert from 'node:assert/strict';
import { LoudnessMeter } from '../../../modules/recorder/loudness/loudness-meter.js';

export const RATE = 48_000;

/** Whole periods of a 1 kHz sine of amplitude 1; 100 ms. */
const SINE = Float64Array.from({ length: RATE / 10 }, (_, i) => Math.sin((2 * Math.PI * 1000 * i) / RATE));

/** A piece of the 1 kHz sine: its peak in dB of full scale (-Infinity: silence) and its length in seconds. */
export type Tone = readonly [dbfs: number, seconds: number];

/** The tones one after the other, the same in both channels. `step` is called every 100 ms with the time so far. */
export function playTones(
  meter: LoudnessMeter,
  tones: readonly Tone[],
  step?: (seconds: number) => void,
): void {
  const block = new Float32Array(2 * SINE.length);
  let frame = 0;
  for (const [dbfs, seconds] of tones) {
    const amp = 10 ** (dbfs / 20);
    for (let left = Math.round(seconds * RATE); left > 0;) {
      const phase = frame % SINE.length;
      const count = Math.min(left, SINE.length - phase);
      for (let i = 0; i < count; i++) block[2 * i] = block[2 * i + 1] = amp * SINE[phase + i]!;
      meter.add(block, count);
      left -= count;
      frame += count;
      if (frame % SINE.length === 0) step?.(frame / RATE);
    }
  }
}

export function stereo(
  tones: readonly Tone[],
  step?: (meter: LoudnessMeter, seconds: number) => void,
): LoudnessMeter {
  const meter = new LoudnessMeter(RATE);
  playTones(meter, tones, step && ((seconds) => step(meter, seconds)));
  return meter;
}

export function repeated(times: number, ...tones: Tone[]): Tone[] {
  return Array.from({ length: times }, () => tones).flat();
}

export function interleave(...channels: readonly ArrayLike<number>[]): Float32Array {
  const frames = channels[0]!.length;
  const all = new Float32Array(frames * channels.length);
  channels.forEach((channel, c) => {
    for (let i = 0; i < frames; i++) all[i * channels.length + c] = channel[i]!;
  });
  return all;
}

/** What a meter reads after the whole signal. */
export function measure(rate: number, ...channels: readonly ArrayLike<number>[]): LoudnessMeter {
  const meter = new LoudnessMeter(rate, channels.length);
  meter.add(interleave(...channels), channels[0]!.length);
  return meter;
}

/** `under` and `over` are how far the reading may lie off. */
export function reads(got: number | null, wanted: number, under: number, over = under): void {
  assert.ok(
    got !== null && got >= wanted - under && got <= wanted + over,
    `reads ${got}, not ${wanted} -${under} +${over}`,
  );
}

/** Noise of -1..1 that depends on the index alone. */
export function noiseAt(index: number): number {
  let x = Math.imul(index + 1, 0x9e37_79b1);
  x = Math.imul(x ^ (x >>> 15), 0x85eb_ca6b);
  x ^= x >>> 13;
  return x / 0x8000_0000;
}
