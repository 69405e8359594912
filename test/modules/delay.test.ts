import assert from 'node:assert/strict';
import { test } from 'node:test';
import { both, openBus, peakOf, render, toDb, type Stereo } from '../helpers/bus.js';
import { testBusContract } from '../helpers/bus-contract.js';
import { responseAt } from '../helpers/spectrum.js';

const WIDE = { mix: 1, lowcut: 20, highcut: 10000 };

testBusContract({
  name: 'delay',
  busy: { time: 0.1, feedback: 0.7, mix: 1 },
  short: { time: 0.1, feedback: 0.1, mix: 1 },
  silentAfterS: 3,
  bound: 5,
});

function impulse(frames: number, at = 0): Stereo {
  const input = both(frames, () => 0);
  input.left[at] = 1;
  return input;
}

test('delay: the first sample of an echo arrives exactly round(time * rate) frames after the input', () => {
  for (const sampleRate of [44100, 48000, 96000])
    for (const time of [0.1, 0.12345, 0.25, 0.6]) {
      const frames = Math.round(time * sampleRate);
      const kernel = openBus('delay', { sampleRate });
      const out = render(kernel, impulse(2 * frames + 64), {
        params: () => ({ ...WIDE, time, feedback: 0.5 }),
      });
      assert.equal(
        out.left.findIndex((x) => x !== 0),
        frames,
        `${time} s at ${sampleRate} Hz`,
      );
      const echo = (n: number): number =>
        Math.max(...out.left.subarray(n * frames, n * frames + 32).map(Math.abs));
      assert.ok(echo(2) < 0.5 * echo(1) && echo(2) > 0.25 * echo(1));
      assert.equal(peakOf({ left: out.right, right: out.right }), 0, 'left stays left');
    }
});

test('delay: each echo passes both Butterworth filters once more', () => {
  const input = impulse(16000);
  const params = { time: 0.1, feedback: 0.5, mix: 1, lowcut: 200, highcut: 4000 };
  const out = render(openBus('delay'), input, { params: () => params });
  const echo = (n: number, hz: number): number =>
    toDb(responseAt(out.left.subarray(4800 * n, 4800 * (n + 1)), hz, 48000));
  for (const n of [1, 2]) {
    const fed = toDb(0.5) * (n - 1);
    assert.ok(Math.abs(echo(n, 200) - fed + 3.01 * n) < 0.15 * n, `lowcut: ${echo(n, 200)} dB in echo ${n}`);
    assert.ok(Math.abs(echo(n, 4000) - fed + 3.01 * n) < 0.15 * n, `highcut: ${echo(n, 4000)} dB`);
    assert.ok(Math.abs(echo(n, 900) - fed) < 0.1 * n, `middle: ${echo(n, 900)} dB`);
    assert.ok(echo(n, 50) - fed < -23.5 * n, `two octaves below: ${echo(n, 50)} dB`);
  }
});

test('delay: a new time is faded in within 50 ms, without a jump, the last wish wins', () => {
  const input = both(48000, (i) => Math.sin((2 * Math.PI * 210 * i) / 48000));
  const out = render(openBus('delay'), input, {
    params: (frame) => ({ ...WIDE, feedback: 0, time: frame < 24000 ? 0.1 : frame < 24800 ? 0.3 : 0.2037 }),
  });
  const steepest = (2 * Math.PI * 210) / 48000;
  for (let i = 6000; i < 48000; i++) {
    const step = Math.abs(out.left[i]! - out.left[i - 1]!);
    assert.ok(step < steepest * 1.1, `frame ${i}: a step of ${step}, the wave itself makes ${steepest}`);
  }
  // Two fades (0.1 to 0.3 to 0.2037 s) and what the 20 Hz filter makes of them later, only the new time is heard.
  const settled = render(openBus('delay'), input, { params: () => ({ ...WIDE, feedback: 0, time: 0.2037 }) });
  for (let i = 24000 + 4800 + 9600; i < 48000; i++)
    assert.ok(Math.abs(out.left[i]! - settled.left[i]!) < 1e-6, `frame ${i}`);
});

test('delay: a time on its way is taken by its target, at once', () => {
  const kernel = openBus('delay');
  kernel.tick({ ...WIDE, time: 0.1 });
  render(
    kernel,
    both(9600, () => 0),
  );
  for (let i = 0; i < 200; i++) {
    kernel.tick({ time: 0.1 + (0.1 * Math.min(i, 60)) / 60 }, 16, { time: 0.2 });
    kernel.process(new Float32Array(16), new Float32Array(16));
  }
  const out = render(kernel, impulse(9616));
  assert.equal(
    out.left.findIndex((x) => x !== 0),
    9600,
  );
});
