/** A core as an offline rendering drives it, with taps, for tests in which they must add up. */
import { encodeEntry, ENTRY_WORDS, type When } from '../../engine/shared/command.js';
import type { TapName } from '../../engine/shared/tap-names.js';
import { compileCore, CoreHost, type CoreBuild } from '../../engine/slot/core-host.js';
import { RATE, type Event } from '../helpers/core.js';

export interface TappedOptions {
  readonly build?: CoreBuild;
  readonly voices?: number;
  readonly blockFrames?: number;
  readonly taps?: readonly TapName[];
  /** Before each block. */
  readonly meddle?: (host: CoreHost, block: number) => void;
}

export interface Tapped {
  readonly host: CoreHost;
  readonly master: Float32Array;
  of(name: TapName): Float32Array;
}

const modules = new Map<CoreBuild, WebAssembly.Module>();
function moduleOf(build: CoreBuild): WebAssembly.Module {
  const module = modules.get(build) ?? compileCore(build);
  modules.set(build, module);
  return module;
}

/** Whole blocks, at least `frames`; each event comes with the block in which its frame lies. */
export function renderTapped(
  frames: number,
  events: readonly Event[],
  { build = 'simd', voices = 8, blockFrames = 256, taps = [], meddle }: TappedOptions = {},
): Tapped {
  const host = new CoreHost({ module: moduleOf(build), sampleRate: RATE, voices, blockFrames, taps });
  const blocks = Math.ceil(frames / blockFrames);
  const names: TapName[] = ['master', ...taps];
  const outputs = new Map(names.map((name) => [name, new Float32Array(2 * blocks * blockFrames)]));
  let next = 0;
  for (let block = 0; block < blocks; block++) {
    const words: number[] = [];
    const entry = new Int32Array(ENTRY_WORDS);
    for (let event = events[next]; event && event.frame < (block + 1) * blockFrames; event = events[++next]) {
      encodeEntry({ command: event.command, when: whenOf(event), source: 0 }, entry, 0);
      words.push(...entry);
    }
    meddle?.(host, block);
    host.render(Int32Array.from(words.length > 0 ? words : entry), 0, words.length / ENTRY_WORDS);
    for (const [name, samples] of outputs) samples.set(host.tap(name), 2 * block * blockFrames);
  }
  const of = (name: TapName): Float32Array => {
    const samples = outputs.get(name);
    if (!samples) throw new Error(`tap '${name}' was not taken`);
    return samples;
  };
  return { host, master: of('master'), of };
}

/** Contents and what waits for the bar come at the edge of a block; all else at its frame. */
function whenOf({ command, frame, when }: Event): When {
  if (when) return { at: when };
  return /^(stage|commit)/.test(command.kind) ? { at: 'now' } : { at: 'frame', frame };
}

/** The sum in f32, in this order. */
export function sumOf(parts: readonly Float32Array[]): Float32Array {
  const sum = new Float32Array(parts[0]?.length ?? 0);
  for (const part of parts) for (let i = 0; i < sum.length; i++) sum[i]! += part[i]!;
  return sum;
}
