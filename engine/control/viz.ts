/**
 * `/viz/levels` and `/viz/spectrum`, ten times a second of what is played, levels first: to the visualizer's port and to
 * whoever subscribed. Runs on: main thread; looks often, so that no peak is missed, and does little at each look.
 */
import { CHANNELS, TapReader, type TapMemory } from '../shared/tap.js';
import type { Arg } from './decode.js';
import { float } from './encode.js';
import { PeakHold } from './peak-hold.js';
import { Spectrum } from './spectrum.js';

/** How often to look. */
export const VIZ_LOOK_MS = 20;
const PER_SECOND = 10;
/** After a stall the sound before this is skipped: pictures of the past are of no use. */
const MOST_SECONDS = 0.5;
export const LEVELS = '/viz/levels';
export const SPECTRUM = '/viz/spectrum';

export interface VizParts {
  readonly tap: TapMemory;
  readonly sampleRate: number;
  readonly voices: number;
  /** The meter of a voice, from 0. */
  readonly voicePeak: (voice: number) => number;
  /** Takes both messages, ten times a second. */
  readonly send: (address: string, args: readonly Arg[]) => void;
  /** False: nobody would be told; nothing is computed. */
  readonly wanted: () => boolean;
}

export class Viz {
  readonly #parts: VizParts;
  readonly #reader: TapReader;
  readonly #block: Float32Array;
  readonly #peaks: PeakHold;
  readonly #spectrum: Spectrum;
  readonly #mostBlocks: number;
  #tick = 0;

  constructor(parts: VizParts) {
    const { tap, sampleRate, voices } = parts;
    this.#parts = parts;
    this.#reader = new TapReader(tap);
    this.#block = new Float32Array(tap.blockFrames * CHANNELS);
    this.#peaks = new PeakHold(voices);
    this.#spectrum = new Spectrum(sampleRate);
    this.#mostBlocks = Math.ceil((MOST_SECONDS * sampleRate) / tap.blockFrames);
  }

  look(): void {
    const { tap, sampleRate, voicePeak, wanted, send } = this.#parts;
    if (!wanted()) return;
    const head = this.#reader.head();
    this.#reader.block = Math.max(this.#reader.block, head - this.#mostBlocks);
    const seconds = (head * tap.blockFrames) / sampleRate;
    this.#peaks.look(seconds, voicePeak);
    while (this.#reader.block < head && this.#reader.read(this.#block)) this.#spectrum.hear(this.#block);
    const tick = Math.floor(seconds * PER_SECOND);
    if (tick === this.#tick) return;
    this.#tick = tick;
    send(LEVELS, this.#peaks.take().map(float));
    send(SPECTRUM, this.#spectrum.levels().map(float));
  }
}
