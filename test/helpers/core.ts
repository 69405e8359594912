/**
 * One core without threads, driven frame by frame: commands at frames or at the bar, blocks of any length, and a look
 * at what is in its memory.
 */
import { isDeepStrictEqual } from 'node:util';
import { parameters, findPath, type Parameter } from '../../engine/registry/address.js';
import { MODULES } from '../../engine/registry/modules.js';
import { targetCode } from '../../engine/registry/target.js';
import {
  encodeEntry,
  ENTRY_WORDS,
  STAGE_WORDS,
  REGION_EDIT,
  REGION_LOAD,
} from '../../engine/shared/command.js';
import type { Command, Entry, When } from '../../engine/shared/command.js';
import { MAX_BLOCK_ENTRIES, MAX_BLOCK_FRAMES } from '../../engine/shared/core-layout.js';
import { MAX_STEPS } from '../../engine/shared/steps.js';
import {
  encodeLoad,
  encodeTrack,
  LOCK_WORDS,
  MAX_LOCKS,
  MAX_NOTES,
  PLAIN_TRACK,
  TRACK_FIELDS,
  TRACK_HEADER,
  TRACKS,
  type Load,
  type PutOptions,
  type Track,
} from '../../engine/shared/track.js';
import { compileCore, CoreHost, type CoreBuild } from '../../engine/slot/core-host.js';

export const RATE = 48000;
/** From the gate of a voice to the output: voice, distortion and limiter. */
export const LATENCY = ['voice', 'distortion', 'limiter'].reduce(
  (sum, type) => sum + (MODULES.find((table) => table.type === type)?.latencyFrames ?? NaN),
  0,
);

export interface Event {
  readonly frame: number;
  readonly command: Command;
  /** `bar`, `step`: comes at `frame`, acts at the bar or step after it. */
  readonly when?: 'bar' | 'step';
}

export interface RigOptions {
  readonly build?: CoreBuild;
  readonly sampleRate?: number;
  readonly voices?: number;
}

/** Commands that carry content or make it real: no time tag can move them. */
const CONTENT = new Set<Command['kind']>(['stage', 'commitTrack', 'commitLoad']);

const modules = new Map<CoreBuild, WebAssembly.Module>();

export function openRig(options: RigOptions = {}): Rig {
  return new Rig(options);
}

/** The four cells of a parameter. */
export interface ParamCell {
  readonly value: number;
  readonly target: number;
  readonly left: number;
  readonly mod: number;
}

export class Rig {
  readonly host: CoreHost;
  readonly sampleRate: number;
  readonly voices: number;
  /** Frames rendered so far. */
  frame = 0;
  readonly #inbox: Int32Array;
  readonly #output: Float32Array;

  constructor({ build = 'simd', sampleRate = RATE, voices = 16 }: RigOptions) {
    let module = modules.get(build);
    if (!module) modules.set(build, (module = compileCore(build)));
    this.host = new CoreHost({ module, sampleRate, voices, blockFrames: MAX_BLOCK_FRAMES });
    this.sampleRate = sampleRate;
    this.voices = voices;
    const { buffer } = this.host.memory;
    this.#inbox = new Int32Array(buffer, this.host.exports.inboxAddress(), MAX_BLOCK_ENTRIES * ENTRY_WORDS);
    this.#output = this.host.output;
  }

  /**
   * Renders `frames` more frames, interleaved stereo. Events lie at session frames, in order; each comes with the block
   * in which its frame lies. `length` gives the frames of the next block (1..2048); what acts or waits from the moment
   * it comes (content, edits for the bar) ends a block before it.
   */
  render(frames: number, events: readonly Event[] = [], length: () => number = () => 256): Float32Array {
    const out = new Float32Array(2 * frames);
    const start = this.frame;
    const end = start + frames;
    let next = 0;
    while (this.frame < end) {
      let n = Math.min(length(), end - this.frame);
      let count = 0;
      for (let event = events[next]; event && event.frame < this.frame + n; event = events[++next]) {
        const atEdge = event.when !== undefined || CONTENT.has(event.command.kind);
        if (atEdge && event.frame > this.frame) {
          n = event.frame - this.frame;
          break;
        }
        this.#put(
          count++,
          event.command,
          atEdge ? { at: event.when ?? 'now' } : { at: 'frame', frame: event.frame },
        );
      }
      this.host.exports.render(n, count);
      out.set(this.#output.subarray(0, 2 * n), 2 * (this.frame - start));
      this.frame += n;
    }
    if (next < events.length)
      throw new RangeError(`event at frame ${events[next]!.frame} lies behind ${end}`);
    return out;
  }

  /** Commands at the next frame. */
  now(...commands: readonly Command[]): this {
    commands.forEach((command, i) => this.#put(i, command, { at: 'now' }));
    this.host.exports.render(0, commands.length);
    return this;
  }

  /** Hands over events that lie ahead, now. */
  ahead(events: readonly Event[]): this {
    events.forEach(({ command, frame }, i) => this.#put(i, command, { at: 'frame', frame }));
    this.host.exports.render(0, events.length);
    return this;
  }

  /** Entries of a log, each with its time, at the next frame. */
  receive(entries: readonly Entry[]): this {
    for (let from = 0; from < entries.length; from += MAX_BLOCK_ENTRIES) {
      const part = entries.slice(from, from + MAX_BLOCK_ENTRIES);
      part.forEach((entry, i) => encodeEntry(entry, this.#inbox, ENTRY_WORDS * i));
      this.host.exports.render(0, part.length);
    }
    return this;
  }

  /** What each track is, in the words it was put with (engine/core/tracks.ts); the note index apart. */
  trackWords(): number[][] {
    const sequencer =
      new Int32Array(this.host.memory.buffer, this.host.exports.stateStart() + SEQUENCER_AT, 1)[0] ?? 0;
    return Array.from({ length: TRACKS }, (_, place) => {
      const words = new Int32Array(
        this.host.memory.buffer,
        sequencer + TRACKS_AT + place * TRACK_BYTES,
        TRACK_BYTES / 4,
      );
      if (words[ACTIVE_WORD] === 0) return [];
      const header = [...words.subarray(PLAYING_WORDS, PLAYING_WORDS + TRACK_HEADER.length)];
      const count = (name: (typeof TRACK_HEADER)[number]): number => header[TRACK_HEADER.indexOf(name)] ?? 0;
      const steps = PLAYING_WORDS + TRACK_HEADER.length;
      const notes = steps + MAX_STEPS;
      const locks = notes + MAX_NOTES;
      const read = (from: number, length: number): number[] => [...words.subarray(from, from + length)];
      header[TRACK_HEADER.indexOf('noteIndex')] = 0;
      // A value that is given no longer says nothing.
      for (const [bit] of TRACK_FIELDS.entries())
        if (((count('given') >> bit) & 1) === 0) header[TRACK_HEADER.indexOf('baseFreq') + bit] = 0;
      return [
        ...header,
        ...read(steps, count('stepCount')),
        ...read(notes, count('noteCount')),
        ...read(locks, LOCK_WORDS * count('lockCount')),
      ];
    }).filter(({ length }) => length > 0);
  }

  /** As it was when it was opened. */
  restart(): this {
    this.host.exports.init(this.sampleRate, this.voices);
    this.frame = 0;
    return this;
  }

  #put(index: number, command: Command, when: When): void {
    if (index >= MAX_BLOCK_ENTRIES) throw new RangeError('too many events in one block');
    encodeEntry({ command, when, source: 0 }, this.#inbox, ENTRY_WORDS * index);
  }

  /** Takes over the whole state of another. */
  become(other: Rig): void {
    this.host.state().set(other.host.state());
    this.frame = other.frame;
  }

  /** The bytes of one module type: all its instances. */
  region(type: string): { readonly address: number; readonly bytes: number; readonly stride: number } {
    const { base, stride, blocks } = this.#place(MODULES.findIndex((table) => table.type === type));
    return { address: base, bytes: stride * blocks, stride };
  }

  /** What the core holds of a parameter. */
  cell(path: string): ParamCell {
    const { type, instance, index } = parameter(path);
    const lanes = type === 0 ? this.host.exports.lanes() : 1;
    const { base, stride } = this.#place(type);
    const at =
      base +
      Math.floor(instance / lanes) * stride +
      HEADER_BYTES +
      4 * (index * 4 * lanes + (instance % lanes));
    const floats = new Float32Array(this.host.memory.buffer);
    const [value, target, left, mod] = [0, 1, 2, 3].map((i) => floats[at / 4 + i * lanes]!);
    return { value: value!, target: target!, left: left!, mod: mod! };
  }

  /** Where the instances of a type lie, as the core planned it (engine/core/session.ts: Session, then a Place each). */
  #place(type: number): { base: number; stride: number; blocks: number } {
    const words = new Int32Array(
      this.host.memory.buffer,
      this.host.exports.stateStart() + SESSION_BYTES + type * PLACE_BYTES,
      3,
    );
    const [base, stride, instances] = words as unknown as [number, number, number];
    return { base, stride, blocks: type === 0 ? instances / this.host.exports.lanes() : instances };
  }
}

/** As the core lays it out: Session.sequencer; then Sequencer, order of play, tracks (Playing, header, steps, notes, locks). */
const SEQUENCER_AT = 32;
const TRACKS_AT = 88 + TRACKS;
const PLAYING_WORDS = 16;
const ACTIVE_WORD = 4;
const TRACK_BYTES =
  (4 * (PLAYING_WORDS + TRACK_HEADER.length + MAX_STEPS + MAX_NOTES + LOCK_WORDS * MAX_LOCKS) + 7) & ~7;
const SESSION_BYTES = 76;
const PLACE_BYTES = 20;
export const HEADER_BYTES = 32;

export function parameter(path: string): Parameter {
  const found = findPath(path);
  if (!found) throw new Error(`no parameter '${path}'`);
  return found;
}

/** Every parameter of a rig. */
export function allParameters(voices = 16): Parameter[] {
  return [...parameters(voices)].filter(({ type }) => MODULES[type]?.level !== 'service');
}

/** `value`: a number, the word of an enum, or a path for a target. */
export function set(path: string, value: number | string): Command {
  const { address, row } = parameter(path);
  return { kind: 'set', address, value: typeof value === 'number' ? value : code(value, row.words) };
}

function code(text: string, words: readonly string[] | undefined): number {
  const number = words ? words.indexOf(text) : targetCode(text, 256);
  if (typeof number !== 'number' || number < 0) throw new Error(`'${text}' is no value here`);
  return number;
}

/** `voice` from 1. */
export function gate(voice: number, on: boolean, velocity = 1, accent = 0): Command {
  return { kind: 'gate', voice: voice - 1, on, velocity, accent };
}
export function transport(running: boolean): Command {
  return { kind: 'transport', running };
}
export function tempo(bpm: number): Command {
  return { kind: 'tempo', milliBpm: Math.round(bpm * 1000) };
}
export function swing(amount: number): Command {
  return { kind: 'swing', amount };
}

/** A track whose hits are nothing but gates, with what is given. */
export function makeTrack(given: Partial<Track> = {}): Track {
  return {
    id: 'track',
    voice: 1,
    pattern: 'x...',
    notesHz: [],
    accentBoostHz: 0,
    gateFrac: 0.5,
    noteIndex: 0,
    ...PLAIN_TRACK,
    ...given,
  };
}

function staged(region: number, words: readonly number[]): Command[] {
  return Array.from({ length: Math.ceil(words.length / STAGE_WORDS) }, (_, i) => ({
    kind: 'stage',
    region,
    offset: i * STAGE_WORDS,
    words: words.slice(i * STAGE_WORDS, (i + 1) * STAGE_WORDS),
  }));
}

/** Makes `given` the track at that place. */
export function putTrack(place: number, given: Partial<Track>, options?: PutOptions): Command[] {
  const words = encodeTrack(makeTrack(given), options);
  return [...staged(REGION_EDIT, words), { kind: 'commitTrack', track: place, words: words.length }];
}

export function putLoad(given: Partial<Load>, serial = 1): Command[] {
  const load: Load = {
    milliBpm: 120000,
    swing: 0,
    running: true,
    tracks: [],
    params: [],
    hasSequencer: true,
    ...given,
  };
  const words = encodeLoad(load);
  return [...staged(REGION_LOAD, words), { kind: 'commitLoad', words: words.length, serial }];
}

/** The commands at one frame, or at the bar after it. */
export function at(frame: number, commands: readonly Command[], when?: 'bar' | 'step'): Event[] {
  return commands.map((command) => (when ? { frame, command, when } : { frame, command }));
}

/** First frame (from the first sample) at which two interleaved signals differ in any bit but the sign of zero; -1: none. */
export function differsAt(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length) throw new RangeError(`${a.length} and ${b.length} samples`);
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return i >> 1;
  return -1;
}

/** One side of an interleaved signal; 0 = left. */
export function side(x: Float32Array, channel = 0): Float32Array {
  return Float32Array.from({ length: x.length / 2 }, (_, i) => x[2 * i + channel]!);
}

/** Largest size of a sample; NaN when one is not finite. */
export function peakOf(x: Float32Array): number {
  let peak = 0;
  for (const sample of x) {
    const size = Math.abs(sample);
    if (!(size <= peak)) peak = Number.isFinite(size) ? size : NaN;
    if (Number.isNaN(peak)) return NaN;
  }
  return peak;
}

/** First frame with a sample other than 0; -1: none. */
export function firstSound(x: Float32Array): number {
  const i = x.findIndex((sample) => sample !== 0);
  return i < 0 ? -1 : i >> 1;
}

/** True when two states are the same, byte for byte. */
export function sameState(a: Rig, b: Rig): boolean {
  return isDeepStrictEqual(a.host.state(), b.host.state());
}
