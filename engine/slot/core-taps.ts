/** The host's part of the taps: blocks behind the core's state, each delayed until it is as late as the master. */
import { describeProblem, type Problem } from '../shared/outcome.js';
import { CHANNELS } from '../shared/tap.js';
import { noTaps, tapCode, type TapName } from '../shared/tap-names.js';

/** Absent in cores that were built before there were taps. */
export interface TapExports {
  tapLatency?(code: number): number;
  tapTo?(code: number, block: number): void;
  stateEnd(): number;
}

/** A tap that cannot be had; `problem` says why, and the mend. */
export class TapError extends Error {
  constructor(readonly problem: Problem) {
    super(describeProblem(problem));
  }
}

interface Line {
  /** Frames by which it comes earlier than the master. */
  readonly delay: number;
  /** What waits, then the block that is being rendered. */
  readonly samples: Float32Array;
}

const PAGE_BYTES = 65536;
const FRAME_BYTES = 4 * CHANNELS;
const ALIGN = 64;
const aligned = (bytes: number): number => Math.ceil(bytes / ALIGN) * ALIGN;

/** True when such a core gives taps. */
export function givesTaps(module: WebAssembly.Module): boolean {
  return WebAssembly.Module.exports(module).some(({ name }) => name === 'tapTo');
}

export class CoreTaps {
  readonly #lines: readonly Line[];
  readonly #outputs = new Map<TapName, Float32Array>();
  readonly #blockFrames: number;

  /**
   * Takes these taps of a core that has been initialised, until it is so again. Its memory grows where there is no room:
   * 2 to 18 KB a tap. Throws TapError where the core has no such tap, RangeError when its memory is full.
   */
  constructor(
    exports: TapExports,
    memory: WebAssembly.Memory,
    blockFrames: number,
    names: readonly TapName[],
  ) {
    this.#blockFrames = blockFrames;
    const wanted = names.map((name) => ({ name, code: tapCode(name), delay: latencyOf(exports, name) }));
    const bytesOf = (delay: number): number => aligned((delay + blockFrames) * FRAME_BYTES);
    let at = aligned(exports.stateEnd());
    const end = wanted.reduce((sum, { delay }) => sum + bytesOf(delay), at);
    const missing = Math.ceil((end - memory.buffer.byteLength) / PAGE_BYTES);
    if (missing > 0) memory.grow(missing);
    this.#lines = wanted.map(({ name, code, delay }) => {
      const samples = new Float32Array(memory.buffer, at, (delay + blockFrames) * CHANNELS);
      samples.fill(0);
      exports.tapTo?.(code, at + delay * FRAME_BYTES);
      this.#outputs.set(name, samples.subarray(0, blockFrames * CHANNELS));
      at += bytesOf(delay);
      return { delay, samples };
    });
  }

  /** What the tap gave in the block rendered last; undefined: it is not taken. */
  output(name: TapName): Float32Array | undefined {
    return this.#outputs.get(name);
  }

  /** Before each block: what waited moves up. */
  advance(): void {
    const block = this.#blockFrames * CHANNELS;
    for (const { delay, samples } of this.#lines) {
      samples.copyWithin(0, block);
      samples.fill(0, delay * CHANNELS);
    }
  }
}

function latencyOf(exports: TapExports, name: TapName): number {
  if (!exports.tapLatency || !exports.tapTo) throw new TapError(noTaps(name));
  const delay = exports.tapLatency(tapCode(name));
  if (delay >= 0) return delay;
  throw new TapError({
    code: 'E_TAP',
    got: `tap '${name}'`,
    allowed: 'the taps this core has, and its own voices',
    mend: 'Leave it out, or render with more voices.',
  });
}
