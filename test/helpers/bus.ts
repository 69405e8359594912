/**
 * Drives one bus kernel without the core: places its parameters and its state in a memory of its own, calls it cell by
 * cell as the core does. Tests speak to a kernel through `BusKernel` only.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { delayTable } from '../../modules/delay/table.js';
import { distortionTable } from '../../modules/distortion/table.js';
import { limiterTable } from '../../modules/limiter/table.js';
import { reverbTable } from '../../modules/reverb/table.js';
import { ROOT } from './root.js';

export const BUS_TABLES = {
  distortion: distortionTable,
  reverb: reverbTable,
  delay: delayTable,
  limiter: limiterTable,
} as const;

export type BusName = keyof typeof BUS_TABLES;
export type Build = 'simd' | 'scalar';

export interface Stereo {
  readonly left: Float32Array;
  readonly right: Float32Array;
}

export interface BusKernel {
  readonly name: BusName;
  /** Sets parameters (the others stay) to be reached after `frames`; `targets` differ when a value is on its way. */
  tick(params: Record<string, number>, frames?: number, targets?: Record<string, number>): void;
  /** 1 to 16 frames in. Out: what the kernel made of them, or what it adds (reverb, delay). */
  process(left: Float32Array, right: Float32Array): Stereo;
  reset(): void;
  /** What synced times follow: 120 BPM unless set. */
  readonly tempo: { bpm: number };
  /** The state block, live. */
  readonly state: Uint8Array;
}

type Exports = Record<string, (...args: number[]) => number>;

const CELL = 16;
const PARAMS = 65536;
const BUFFERS = PARAMS + 1024;
const STATE = PARAMS + 4096;
const SENDS: readonly BusName[] = ['reverb', 'delay'];
const compiled = new Map<Build, WebAssembly.Module>();

function compile(build: Build): WebAssembly.Module {
  let module = compiled.get(build);
  if (!module) {
    module = new WebAssembly.Module(readFileSync(join(ROOT, 'build', `bus.${build}.wasm`)));
    compiled.set(build, module);
  }
  return module;
}

/** A kernel with fresh state and the table's defaults, not yet ticked. */
export function openBus(
  name: BusName,
  { sampleRate = 48000, build = 'simd' }: { sampleRate?: number; build?: Build } = {},
): BusKernel {
  const memory = new WebAssembly.Memory({ initial: 64, maximum: 256, shared: true });
  const { exports } = new WebAssembly.Instance(compile(build), { env: { memory } });
  const call = (verb: string, ...args: number[]): number => {
    const found = (exports as unknown as Exports)[name + verb];
    if (!found) throw new Error(`bus.${build}.wasm has no ${name}${verb}`);
    return found(...args);
  };
  const bytes = call('Bytes', sampleRate);
  call('Init', STATE, sampleRate);

  const rows = Object.entries(BUS_TABLES[name].params);
  const params = new Float32Array(memory.buffer, PARAMS, rows.length * 4);
  rows.forEach(([, row], i) => params.fill(row.default, 4 * i, 4 * i + 2));
  const buffer = (i: number): Float32Array => new Float32Array(memory.buffer, BUFFERS + 64 * i, CELL);
  const [inLeft, inRight, outLeft, outRight] = [buffer(0), buffer(1), buffer(2), buffer(3)];
  const sends = SENDS.includes(name);

  const tempo = { bpm: 120 };

  return {
    name,
    tempo,
    state: new Uint8Array(memory.buffer, STATE, bytes),
    tick(values, frames = CELL, targets = {}) {
      rows.forEach(([key], i) => {
        const value = values[key];
        if (value !== undefined) params.fill(value, 4 * i, 4 * i + 2);
        const target = targets[key];
        if (target !== undefined) params[4 * i + 1] = target;
      });
      // Frames per quarter: only the delay asks.
      call('Tick', PARAMS, STATE, frames, (60 / tempo.bpm) * sampleRate);
    },
    process(left, right) {
      const n = left.length;
      inLeft.set(left);
      inRight.set(right);
      const ins = [inLeft.byteOffset, inRight.byteOffset];
      if (!sends) {
        call('Process', STATE, ...ins, n);
        return { left: inLeft.slice(0, n), right: inRight.slice(0, n) };
      }
      outLeft.fill(0);
      outRight.fill(0);
      call('Process', STATE, ...ins, outLeft.byteOffset, outRight.byteOffset, n);
      return { left: outLeft.slice(0, n), right: outRight.slice(0, n) };
    },
    reset: () => void call('Reset', STATE),
  };
}

export interface RenderOptions {
  /** Parameters at the end of the cell that starts at `frame`; absent: they stay. */
  readonly params?: (frame: number) => Record<string, number>;
  /** Where the calls inside a cell are cut: frames for the next call, at most `room`. Absent: whole cells. */
  readonly cut?: (room: number) => number;
}

/** Runs a whole signal through a kernel: a tick every 16 frames, calls of any length between. */
export function render(kernel: BusKernel, input: Stereo, { params, cut }: RenderOptions = {}): Stereo {
  const frames = input.left.length;
  const out = { left: new Float32Array(frames), right: new Float32Array(frames) };
  for (let cell = 0; cell < frames; cell += CELL) {
    const end = Math.min(cell + CELL, frames);
    kernel.tick(params?.(cell) ?? {}, end - cell);
    for (let at = cell; at < end;) {
      const n = cut ? Math.max(1, Math.min(cut(end - at), end - at)) : end - at;
      const made = kernel.process(input.left.subarray(at, at + n), input.right.subarray(at, at + n));
      out.left.set(made.left, at);
      out.right.set(made.right, at);
      at += n;
    }
  }
  return out;
}

/** A generator of numbers in 0..1, the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let x = Math.imul(state ^ (state >>> 15), state | 1);
    x ^= x + Math.imul(x ^ (x >>> 7), x | 61);
    return ((x ^ (x >>> 14)) >>> 0) / 4294967296;
  };
}

/** Two independent white noises in -amp..amp. */
export function noise(frames: number, amp: number, seed = 1): Stereo {
  const random = seeded(seed);
  const side = (): Float32Array => Float32Array.from({ length: frames }, () => amp * (2 * random() - 1));
  return { left: side(), right: side() };
}

/** The same signal on both sides. */
export function both(frames: number, at: (frame: number) => number): Stereo {
  const left = Float32Array.from({ length: frames }, (_, i) => at(i));
  return { left, right: left.slice() };
}

/** The first frame at which two signals differ in value, or -1. */
export function firstDifference(a: Stereo, b: Stereo): number {
  for (let i = 0; i < a.left.length; i++) if (a.left[i] !== b.left[i] || a.right[i] !== b.right[i]) return i;
  return -1;
}

/** Largest size of a sample from `from` on; NaN when one is not finite. */
export function peakOf({ left, right }: Stereo, from = 0): number {
  let peak = 0;
  for (let i = from; i < left.length; i++) {
    const size = Math.max(Math.abs(left[i]!), Math.abs(right[i]!));
    if (!Number.isFinite(size)) return NaN;
    peak = Math.max(peak, size);
  }
  return peak;
}

/** Root mean square of a stretch of one side. */
export function rms(x: Float32Array, from = 0, to = x.length): number {
  let sum = 0;
  for (let i = from; i < to; i++) sum += x[i]! ** 2;
  return Math.sqrt(sum / (to - from));
}

export function toDb(amp: number): number {
  return 20 * Math.log10(amp);
}
