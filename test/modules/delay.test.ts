import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  both,
  firstDifference,
  noise,
  openBus,
  peakOf,
  render,
  rms,
  seeded,
  toDb,
  type Stereo,
} from '../helpers/bus.js';
import { delayTable } from '../../modules/delay/table.js';
import { testBusContract } from '../helpers/bus-contract.js';
import { responseAt } from '../helpers/spectrum.js';

const WIDE = { mix: 1, lowcut: 20, highcut: 10000 };

testBusContract({
  name: 'delay',
  busy: { time: 0.1, feedback: 0.7, mix: 1, time_mode: 1, ping_pong: 0.6 },
  short: { time: 0.1, feedback: 0.1, mix: 1 },
  silentAfterS: 4,
  bound: 5,
});

/** First frame that is heard on the left. */
function firstSound({ left }: Stereo): number {
  return left.findIndex((x) => x !== 0);
}

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

test('delay: glides give the same bits for any cut and either build, also where they turn round or end in a fade', () => {
  const input = noise(96000, 0.5);
  const once = (build: 'simd' | 'scalar', cutSeed: number): Stereo => {
    const walk = seeded(21);
    const knife = seeded(cutSeed);
    let now: Record<string, number> = { ...WIDE, time: 0.2, time_mode: 1 };
    return render(openBus('delay', { build }), input, {
      params: (frame) => {
        if (frame > 9600 && walk() < 0.01)
          now = {
            ...now,
            time: 0.1 + 0.5 * walk(),
            time_mode: walk() < 0.8 ? 1 : 0,
            ping_pong: Math.round(walk()),
          };
        return now;
      },
      ...(cutSeed ? { cut: (room: number) => 1 + Math.floor(knife() * room) } : {}),
    });
  };
  const whole = once('simd', 0);
  assert.equal(firstDifference(whole, once('simd', 11)), -1, 'cut');
  assert.equal(firstDifference(whole, once('scalar', 12)), -1, 'scalar, cut');
});

test('delay: tape and fade are the same while the time stands, and from a start in silence', () => {
  const input = noise(28800, 0.5);
  const once = (time_mode: number): Stereo =>
    render(openBus('delay'), input, { params: () => ({ ...WIDE, time: 0.23456, feedback: 0.6, time_mode }) });
  assert.equal(firstDifference(once(0), once(1)), -1);
});

test('delay: a glide that a reset cuts off is over: the next echo has the new time', () => {
  const kernel = openBus('delay');
  const params = { ...WIDE, time_mode: 1, feedback: 0 };
  render(kernel, noise(9600, 0.5), { params: () => ({ ...params, time: 0.1 }) });
  render(kernel, noise(4800, 0.5), { params: () => ({ ...params, time: 0.5 }) });
  kernel.reset();
  const out = render(kernel, impulse(24064), { params: () => ({ ...params, time: 0.5 }) });
  assert.equal(
    out.left.findIndex((x) => x !== 0),
    24000,
  );
});

test('delay: a synced note follows the tempo: at its new place after a fade, and after a glide', () => {
  for (const time_mode of [0, 1]) {
    const kernel = openBus('delay');
    const eighth = delayTable.params.sync.words.indexOf('1/8');
    const params = (): Record<string, number> => ({
      ...WIDE,
      feedback: 0,
      time_mode,
      sync: eighth,
      time: 0.6,
    });
    const silence = both(96000, () => 0);
    assert.equal(firstSound(render(kernel, impulse(12064), { params })), 12000, '120 BPM');
    kernel.tempo.bpm = 90;
    // Longer than the change, shorter than it takes to fall asleep.
    render(
      kernel,
      { left: silence.left.subarray(0, 72000), right: silence.right.subarray(0, 72000) },
      { params },
    );
    assert.equal(firstSound(render(kernel, impulse(16064), { params })), 16000, `90 BPM, mode ${time_mode}`);
  }
});

test('delay: a note too long for the line is halved until it fits; a tempo that is none does no harm', () => {
  const whole = delayTable.params.sync.words.indexOf('1/1');
  for (const [bpm, frames] of [
    [120, 96000],
    [119, (60 * 48000 * 2) / 119],
    [30, 96000],
    [1e-6, undefined],
    [NaN, undefined],
  ] as const) {
    const kernel = openBus('delay');
    kernel.tempo.bpm = bpm;
    const at = firstSound(render(kernel, impulse(96064), { params: () => ({ ...WIDE, sync: whole }) }));
    if (frames !== undefined) assert.equal(at, Math.round(frames), `${bpm} BPM`);
    else assert.ok(at > 40000 && at <= 96000, `${bpm} BPM: ${at}`);
  }
});

test('delay: ping-pong makes one of both inputs, first on the left, then from side to side', () => {
  const input = both(24000, () => 0);
  input.right[0] = 1;
  const params = { ...WIDE, time: 0.1, feedback: 0.5, ping_pong: 1 };
  const out = render(openBus('delay'), input, { params: () => params });
  const size = (x: Float32Array, echo: number): number => rms(x, 4800 * echo, 4800 * echo + 64);
  const plain = render(openBus('delay'), input, { params: () => ({ ...params, ping_pong: 0 }) });
  assert.ok(
    Math.abs(size(out.left, 1) / size(plain.right, 1) - Math.SQRT1_2) < 1e-4,
    'a hard right sound: -3 dB',
  );
  for (const echo of [1, 2, 3, 4]) {
    const [here, there] = echo % 2 ? [out.left, out.right] : [out.right, out.left];
    assert.ok(size(here, echo) > 0.4 ** echo * size(plain.right, 1));
    assert.ok(size(there, echo) < 0.01 * size(here, echo), `echo ${echo}`);
  }
});
