/** Drives the acid filter without the core: one voice of level 1 in its place, what it gives on the left. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { acidTable } from '../../modules/acid/table.js';
import { ROOT } from './root.js';

export type AcidParams = Partial<Record<keyof typeof acidTable.params, number>>;

export interface Acid {
  /** One cell of 1 to 16 frames. `env`: the envelope of its voice, 0 = silent. */
  cell(input: Float32Array, params?: AcidParams, env?: number): Float32Array;
  /** The numbers of its state, live. */
  readonly state: Float32Array;
}

interface Exports {
  acidBytes(sampleRate: number): number;
  acidMove(state: number, stays: number, atOnce: number): void;
  acidTickAlone(params: number, state: number, frames: number, sampleRate: number, env: number): void;
  acidProcess(state: number, tap: number, buses: number, frames: number): void;
}

const CELL = 16;
const PARAMS = 1 << 20;
const TAP = PARAMS + 1024;
const BUSES = TAP + 1024;
const STATE = BUSES + 1024;
const rows = Object.entries(acidTable.params);
let compiled: WebAssembly.Module | undefined;

/** Its parameters are the table's defaults, without envelope, until they are given. */
export function openAcid(first: AcidParams = {}, sampleRate = 48000): Acid {
  compiled ??= new WebAssembly.Module(readFileSync(join(ROOT, 'build', 'bus.simd.wasm')));
  const memory = new WebAssembly.Memory({ initial: 64, maximum: 256, shared: true });
  const instance = new WebAssembly.Instance(compiled, { env: { memory } });
  const kernel = instance.exports as unknown as Exports;
  const params = new Float32Array(memory.buffer, PARAMS, 4 * rows.length);
  const tap = new Float32Array(memory.buffer, TAP, 4 * CELL);
  const left = new Float32Array(memory.buffer, BUSES, CELL);
  const give = (given: AcidParams): void =>
    rows.forEach(([key], i) => {
      const value = given[key as keyof AcidParams];
      if (value !== undefined) params.fill(value, 4 * i, 4 * i + 2);
    });
  rows.forEach(([, row], i) => params.fill(row.default, 4 * i, 4 * i + 2));
  give({ env_amount: 0, ...first });
  kernel.acidMove(STATE, 1, 1);
  // Coefficients have arrived before the first frame.
  for (let i = 0; i < 2; i++) kernel.acidTickAlone(PARAMS, STATE, CELL, sampleRate, 1);
  return {
    state: new Float32Array(memory.buffer, STATE, kernel.acidBytes(sampleRate) / 4),
    cell(input, given = {}, env = 1) {
      give(given);
      input.forEach((x, i) => (tap[4 * i] = x));
      left.fill(0);
      kernel.acidTickAlone(PARAMS, STATE, input.length, sampleRate, env);
      kernel.acidProcess(STATE, TAP, BUSES, input.length);
      return left.slice(0, input.length);
    },
  };
}

/** A whole signal through the filter, which stays as it is. `envAt`: the envelope of its voice at a frame. */
export function throughAcid(
  acid: Acid,
  frames: number,
  inputAt: (frame: number) => number,
  envAt: (frame: number) => number = () => 1,
): Float32Array {
  const out = new Float32Array(frames);
  for (let at = 0; at < frames; at += CELL) {
    const input = Float32Array.from({ length: Math.min(CELL, frames - at) }, (_, i) => inputAt(at + i));
    out.set(acid.cell(input, {}, envAt(at)), at);
  }
  return out;
}
