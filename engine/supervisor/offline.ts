/** Renders a program faster than real time, in this thread, with the same core as the live engine. */
import { CHANNELS } from '../shared/tap.js';
import type { TapName } from '../shared/tap-names.js';
import { compileCore, CoreHost } from '../slot/core-host.js';
import type { Program } from './program.js';

const NOTHING = new Int32Array(8);

/**
 * Calls `take` with interleaved samples of the program's tap and their number of frames, block by block; the array is
 * reused. `take` may give false to end early. Throws what the core throws, TapError when it has no such tap.
 */
export function renderProgram(
  program: Program,
  take: (samples: Float32Array, frames: number) => boolean | void,
): void {
  renderTaps(program, [program.tap ?? 'master'], (parts, frames) => take(parts[0] as Float32Array, frames));
}

/** The same for several taps of one rendering: an array for each, in the order of `names`. */
export function renderTaps(
  program: Program,
  names: readonly TapName[],
  take: (samples: readonly Float32Array[], frames: number) => boolean | void,
): void {
  const module = program.core ? new WebAssembly.Module(program.core) : compileCore();
  const core = new CoreHost({ module, ...program, taps: names });
  const outputs = names.map((name) => core.tap(name));
  const { blockFrames, startFrame } = program;
  const endFrame = startFrame + program.frames;
  if (program.begin) restore(core, program.begin.state);
  for (let block = program.begin?.block ?? 0; block * blockFrames < endFrame; block++) {
    const words = program.entries(block);
    core.render(words ?? NOTHING, 0, words ? words.length / 8 : 0);
    const from = Math.max(startFrame - block * blockFrames, 0);
    const to = Math.min(endFrame - block * blockFrames, blockFrames);
    if (to <= from) continue;
    const whole = to - from === blockFrames;
    const parts = whole ? outputs : outputs.map((all) => all.subarray(from * CHANNELS, to * CHANNELS));
    if (take(parts, to - from) === false) return;
  }
}

function restore(core: CoreHost, state: Uint8Array): void {
  const own = core.state();
  if (own.length !== state.length)
    throw new Error(`a state of ${state.length} bytes for a core of ${own.length}`);
  own.set(state);
}
