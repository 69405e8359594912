/** Cores that sound, as the benchmark wants them. */
import { encodeEntry, ENTRY_WORDS, NOW, type Command } from '../shared/command.js';
import { findPath } from '../registry/address.js';
import { unitOf } from '../registry/units.js';
import { compileCore, CoreHost, type CoreBuild } from '../slot/core-host.js';

export const SAMPLE_RATE = 48000;
export const BLOCK_FRAMES = 256;
export const BLOCK_US = (BLOCK_FRAMES / SAMPLE_RATE) * 1e6;

const NOTHING = new Int32Array(ENTRY_WORDS);
const modules = new Map<CoreBuild, WebAssembly.Module>();

/** A core that renders block after block. */
export class BenchRig {
  readonly host: CoreHost;
  readonly voices: number;
  readonly render = (): void => this.host.render(NOTHING, 0, 0);

  constructor(voices: number, build: CoreBuild = 'simd') {
    let module = modules.get(build);
    if (!module) modules.set(build, (module = compileCore(build)));
    this.host = new CoreHost({ module, sampleRate: SAMPLE_RATE, voices, blockFrames: BLOCK_FRAMES });
    this.voices = voices;
  }

  /** Renders a block with these commands. Throws for a parameter that does not exist. */
  act(commands: readonly Command[]): this {
    const words = new Int32Array(Math.max(commands.length, 1) * ENTRY_WORDS);
    commands.forEach((command, i) => encodeEntry({ command, when: NOW, source: 0 }, words, i * ENTRY_WORDS));
    this.host.render(words, 0, commands.length);
    return this;
  }

  set(values: Readonly<Record<string, number>>): this {
    return this.act(
      Object.entries(values).map(([path, value]) => {
        const parameter = findPath(path);
        if (!parameter) throw new RangeError(`there is no parameter ${path}`);
        return { kind: 'set', address: parameter.address, value };
      }),
    );
  }

  gates(on: boolean, count = this.voices): this {
    for (let from = 0; from < count; from += 64) {
      const some = Array.from({ length: Math.min(64, count - from) }, (_, i) => from + i);
      this.act(some.map((voice) => ({ kind: 'gate', voice, on, velocity: on ? 1 : 0, accent: 0 })));
    }
    return this;
  }

  /** Takes a module out of the signal: what it costs is what is saved. */
  bypass(id: string): this {
    const unit = unitOf(id, this.voices);
    if (unit === undefined) throw new RangeError(`there is no unit ${id}`);
    return this.act([{ kind: 'bypass', unit, on: true, strike: false }]);
  }
}

/** What does not move: no LFO, no acid filter. */
const STILL = { 'lfo1/depth': 0, 'lfo2/depth': 0, 'acid1/voice': 0 };

interface Saws {
  readonly build?: CoreBuild | undefined;
  /** To both buses. */
  readonly sends?: number;
  /** False: LFOs and acid filter where they are by default. */
  readonly still?: boolean;
}

/** Held saws, low-pass and envelope each, all else at its default; a quiet sum, whatever their number. */
export function saws(voices: number, { build, sends = 0, still = true }: Saws = {}): BenchRig {
  const rig = new BenchRig(voices, build).set(still ? STILL : {});
  for (let v = 1; v <= voices; v++) {
    rig.set({
      [`voice${v}/freq`]: 55 * 2 ** (((v - 1) % 48) / 12),
      [`voice${v}/osc/type`]: 1,
      [`voice${v}/amp`]: Math.min(0.1, 1.3 / voices),
      [`voice${v}/send/reverb`]: sends,
      [`voice${v}/send/delay`]: sends,
    });
  }
  return rig.gates(true);
}

/** Held saws with both sends, into a distortion at full mix, reverb, delay and limiter: every place of the path at work. */
export function workingRig(voices: number, build?: CoreBuild): BenchRig {
  return saws(voices, { build, sends: 0.2 }).set({ 'dist1/mix': 1, 'dist1/drive': 0.5 });
}

/** Voices that are asleep, all at its defaults, a second after it came up. */
export function silentRig(voices: number, build?: CoreBuild): BenchRig {
  const rig = new BenchRig(voices, build);
  for (let i = 0; i < SAMPLE_RATE / BLOCK_FRAMES; i++) rig.render();
  return rig;
}
