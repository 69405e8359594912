import assert from 'node:assert/strict';
import { test } from 'node:test';
import { distortionTable } from '../../modules/distortion/table.js';
import { both, noise, openBus, render, type Stereo } from '../helpers/bus.js';
import { testBusContract } from '../helpers/bus-contract.js';

const LATENCY = distortionTable.latencyFrames;
const RATE = 48000;

testBusContract({
  name: 'distortion',
  busy: { drive: 0.9, mix: 0.8, tone: 0.7 },
  short: { drive: 0.9, mix: 1, tone: 0.5 },
  silentAfterS: 2,
  bound: 8,
});

function distort(input: Stereo, params: Record<string, number>): Stereo {
  return render(openBus('distortion'), input, { params: () => params });
}

test('distortion: at mix 0 every sample leaves unchanged, 32 frames later, whatever drive and tone', () => {
  const input = noise(4800, 2);
  for (const drive of [0, 1]) {
    const out = distort(input, { drive, mix: 0, tone: drive });
    assert.deepEqual(out.left.subarray(LATENCY), input.left.subarray(0, 4800 - LATENCY));
    assert.deepEqual(out.right.subarray(LATENCY), input.right.subarray(0, 4800 - LATENCY));
    assert.equal(
      out.left.subarray(0, LATENCY).findIndex((x) => x !== 0),
      -1,
    );
  }
});

test('distortion: starting and stopping the wet path makes no click', () => {
  const input = both(19200, (i) => 0.5 * Math.sin((2 * Math.PI * 100 * i) / RATE));
  const out = render(openBus('distortion'), input, {
    params: (frame) => ({
      drive: 0.5,
      tone: 1,
      mix: Math.max(0, Math.min(1, Math.min(frame - 4800, 14400 - frame) / 960)),
    }),
  });
  let [second, at] = [0, 0];
  for (let i = 40; i < 19200; i++) {
    const bend = Math.abs(out.left[i]! - 2 * out.left[i - 1]! + out.left[i - 2]!);
    if (bend > second) [second, at] = [bend, i];
  }
  // The distorted wave itself bends by up to 0.0017 per frame squared.
  assert.ok(second < 0.002, `bend of ${second} at frame ${at}`);
});
