/** Renders a program faster than real time, in this thread, with the same core as the live engine. */
import { CHANNELS } from '../shared/tap.js';
import { compileCore, CoreHost } from '../slot/core-host.js';
import type { Program } from './program.js';

const NOTHING = new Int32Array(8);

/**
 * Calls `take` with interleaved samples and their number of frames, block by block; the array is reused.
 * `take` may give false to end early. Throws what the core throws.
 */
export function renderProgram(
  program: Program,
  take: (samples: Float32Array, frames: number) => boolean | void,
): void {
  const module = program.core ? new WebAssembly.Module(program.core) : compileCore();
  const core = new CoreHost({ module, ...program });
  const { blockFrames, startFrame } = program;
  const endFrame = startFrame + program.frames;
  for (let block = 0; block * blockFrames < endFrame; block++) {
    const words = program.entries(block);
    core.render(words ?? NOTHING, 0, words ? words.length / 8 : 0);
    const from = Math.max(startFrame - block * blockFrames, 0);
    const to = Math.min(endFrame - block * blockFrames, blockFrames);
    if (to <= from) continue;
    if (take(core.output.subarray(from * CHANNELS, to * CHANNELS), to - from) === false) return;
  }
}
