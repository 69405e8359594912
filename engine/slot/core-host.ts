/** One core in one WASM memory: load, plan, render. Used by the slot's worker, offline rendering, tests and bench. */
import { readFileSync } from 'node:fs';
import { ENTRY_WORDS } from '../shared/command.js';
import { putDecisions, skips } from '../shared/decision-entries.js';
import { MAX_BLOCK_ENTRIES, STATUS_WORDS, statusOffset, type StatusField } from '../shared/core-layout.js';
import type { CoreLayout } from '../shared/run-memory.js';
import { CHANNELS } from '../shared/tap.js';
import type { TapName } from '../shared/tap-names.js';
import { CoreTaps, type TapExports } from './core-taps.js';

/** 8 MiB hold 256 voices and all delays at 48 kHz; the module may take up to 64 MiB. */
const INITIAL_PAGES = 128;
const MAXIMUM_PAGES = 1024;

const DOOR_CALLS = 1000;

interface CoreExports extends TapExports {
  init(sampleRate: number, voices: number): number;
  render(frames: number, entries: number): void;
  stateStart(): number;
  inboxAddress(): number;
  outputAddress(): number;
  crumbAddress(): number;
  statusAddress(): number;
  currentFrame(): number;
  lanes(): number;
}

export type CoreBuild = 'simd' | 'scalar';

/** The WASM files lie in build/, beside dist/. */
export function coreUrl(build: CoreBuild = 'simd'): URL {
  return new URL(`../../../build/core.${build}.wasm`, import.meta.url);
}

export function compileCore(build: CoreBuild = 'simd'): WebAssembly.Module {
  return new WebAssembly.Module(readFileSync(coreUrl(build)));
}

export function createCoreMemory(): WebAssembly.Memory {
  return new WebAssembly.Memory({ initial: INITIAL_PAGES, maximum: MAXIMUM_PAGES, shared: true });
}

export interface CoreOptions {
  readonly module: WebAssembly.Module;
  readonly memory?: WebAssembly.Memory;
  readonly sampleRate: number;
  readonly voices: number;
  readonly blockFrames: number;
  /** Places whose sound is to be had beside the master's (engine/shared/tap-names.ts); for offline rendering. */
  readonly taps?: readonly TapName[];
}

export class CoreHost {
  readonly memory: WebAssembly.Memory;
  readonly blockFrames: number;
  /** The block rendered last, interleaved stereo; valid until the next call. */
  readonly output: Float32Array;
  /** Words the core publishes (engine/shared/core-layout.ts). */
  readonly status: Int32Array;
  readonly statusFloats: Float32Array;
  readonly exports: CoreExports;
  readonly #inbox: Int32Array;
  readonly #crumb: Int32Array;
  readonly #taps: CoreTaps | undefined;

  /** Throws when rate, voices or memory do not fit, TapError when there is no such tap. */
  constructor(options: CoreOptions) {
    this.memory = options.memory ?? createCoreMemory();
    this.blockFrames = options.blockFrames;
    const instance = new WebAssembly.Instance(options.module, { env: { memory: this.memory } });
    this.exports = instance.exports as unknown as CoreExports;
    if (this.exports.init(options.sampleRate, options.voices) === 0) {
      throw new RangeError(
        `core: ${options.voices} voices at ${options.sampleRate} Hz do not fit (1..256 voices, 44100..192000 Hz)`,
      );
    }
    // V8 makes a faster door into a core at its thousandth call, and stops for 0.3 ms: not in the middle of the sound.
    for (let call = 0; call < DOOR_CALLS; call++) this.exports.render(0, 0);
    const buffer = this.memory.buffer;
    this.output = new Float32Array(buffer, this.exports.outputAddress(), options.blockFrames * CHANNELS);
    this.#inbox = new Int32Array(buffer, this.exports.inboxAddress(), MAX_BLOCK_ENTRIES * ENTRY_WORDS);
    this.#crumb = new Int32Array(buffer, this.exports.crumbAddress(), 1);
    this.status = new Int32Array(buffer, this.exports.statusAddress(), STATUS_WORDS);
    this.statusFloats = new Float32Array(buffer, this.exports.statusAddress(), STATUS_WORDS);
    const taps = options.taps?.filter((name) => name !== 'master') ?? [];
    if (taps.length > 0) this.#taps = new CoreTaps(this.exports, this.memory, options.blockFrames, taps);
  }

  /**
   * Renders the next block into `output` after applying `count` entries that stand in `entries` from word `from` on.
   * `entries` may be a ring: it is read modulo its length. `verdict` (engine/shared/decisions.ts): what has been decided
   * about the block acts before its commands. Throws what the core throws: then its memory is worthless.
   * Runs on: render thread, every block; no allocation.
   */
  render(entries: Int32Array, from: number, count: number, verdict = 0): void {
    const words = entries.length;
    const decided = putDecisions(verdict, count, this.#inbox);
    const commands = skips(verdict) ? 0 : count;
    const first = decided * ENTRY_WORDS;
    for (let i = 0; i < commands * ENTRY_WORDS; i++) {
      this.#inbox[first + i] = entries[(from + i) % words] as number;
    }
    this.#taps?.advance();
    this.exports.render(this.blockFrames, decided + commands);
  }

  /**
   * What was heard at that place in the block rendered last, frame for frame with `output`; valid until the next call.
   * Throws a RangeError for a tap that was not asked for when the core was made.
   */
  tap(name: TapName): Float32Array {
    const samples = name === 'master' ? this.output : this.#taps?.output(name);
    if (!samples) throw new RangeError(`core: tap '${name}' is not taken`);
    return samples;
  }

  /** The breadcrumb: what the core is doing, or was doing when it failed. */
  crumb(): number {
    return Atomics.load(this.#crumb, 0);
  }

  /** Where things lie in its memory. */
  layout(): CoreLayout {
    return {
      stateStart: this.exports.stateStart(),
      stateEnd: this.exports.stateEnd(),
      statusAddress: this.exports.statusAddress(),
      crumbAddress: this.exports.crumbAddress(),
    };
  }

  /** A status word as the core last wrote it. */
  read(field: StatusField, index = 0): number {
    return this.status[statusOffset(field) + index] as number;
  }
  readFloat(field: StatusField, index = 0): number {
    return this.statusFloats[statusOffset(field) + index] as number;
  }

  /** The whole state, as it is now. Bytes of the region a copy of which is the state. */
  state(): Uint8Array {
    const start = this.exports.stateStart();
    return new Uint8Array(this.memory.buffer, start, this.exports.stateEnd() - start);
  }
}
