/**
 * The golden piece: half a second that uses most of the engine, as samples and their hash, in test/core/.
 *
 *      npm run golden                how the engine's sound differs from what was accepted
 *      npm run golden -- --accept    makes the present sound the accepted one
 */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { findPath } from '../engine/registry/address.js';
import { targetCode } from '../engine/registry/target.js';
import {
  encodeEntry,
  ENTRY_WORDS,
  STAGE_WORDS,
  REGION_LOAD,
  type Command,
  type Entry,
} from '../engine/shared/command.js';
import { encodeLoad, PLAIN_TRACK, type Load, type Track } from '../engine/shared/track.js';
import { compileCore, CoreHost, type CoreBuild } from '../engine/slot/core-host.js';

export const GOLDEN_SAMPLES = 'test/core/golden.f32';
export const GOLDEN_HASHES = 'test/core/golden.json';
const RATE = 48000;
const FRAMES = RATE / 2;
const BLOCK = 240;
const BUILDS: readonly CoreBuild[] = ['simd', 'scalar'];

const PARAMS: Readonly<Record<string, number | string>> = {
  'voice1/osc/type': 0,
  'voice1/freq': 52,
  'voice1/pitch/env': 30,
  'voice1/adsr/sustain': 0,
  'voice1/adsr/decay': 0.12,
  'voice1/amp': 0.8,
  'voice2/osc/type': 1,
  'voice2/amp': 0.5,
  'voice2/send/delay': 0.3,
  'voice3/osc/type': 2,
  'voice3/pan': 0.6,
  'voice3/send/reverb': 0.5,
  'voice3/filter/q': 4,
  'voice4/osc/type': 3,
  'voice4/filter/freq': 7000,
  'voice4/adsr/decay': 0.04,
  'voice4/adsr/sustain': 0,
  'voice4/pan': -0.4,
  'voice6/osc/type': 4,
  'voice6/amp': 0.1,
  'acid1/voice': 2,
  'acid1/drive': 0.4,
  'acid1/res': 0.8,
  'delay1/time': 0.1,
  'reverb1/room': 0.4,
  'dist1/drive': 0.5,
  'dist1/mix': 0.4,
  'lfo1/rate': 5,
  'lfo2/target': 'voice3/filter/freq',
  'lfo2/shape': 7,
};

const plain = { ...PLAIN_TRACK, notesHz: [], accentBoostHz: 1500, gateFrac: 0.5, noteIndex: 0 };
const TRACKS: readonly Track[] = [
  { ...plain, id: 'kick', voice: 1, pattern: 'X...' },
  { ...plain, id: 'acid', voice: 2, pattern: 'x.Xxx.X.', notesHz: [55, 110, 82.4, 65.4] },
  {
    ...plain,
    id: 'lead',
    voice: 3,
    pattern: '..x..',
    notesHz: [440, 523.25],
    filterFreqHz: 2500,
    gateFrac: 1.2,
  },
  { ...plain, id: 'hat', voice: 4, pattern: 'xx.X', gateFrac: 0.2 },
];

/** Samples of the piece, interleaved. */
export function renderGolden(build: CoreBuild): Float32Array {
  const core = new CoreHost({ module: compileCore(build), sampleRate: RATE, voices: 8, blockFrames: BLOCK });
  const entries = program();
  const words = new Int32Array(entries.length * ENTRY_WORDS);
  entries.forEach((entry, i) => encodeEntry(entry, words, i * ENTRY_WORDS));
  const out = new Float32Array(2 * FRAMES);
  for (let frame = 0; frame < FRAMES; frame += BLOCK) {
    core.render(words, 0, frame === 0 ? entries.length : 0);
    out.set(core.output, 2 * frame);
  }
  return out;
}

/** A load at the start, then what a player would do at frames. */
function program(): Entry[] {
  const load: Load = {
    milliBpm: 170000,
    swing: 0.25,
    running: true,
    tracks: TRACKS,
    params: Object.entries(PARAMS).map(([path, value]) => [addressOf(path), numberOf(value)] as const),
    hasSequencer: true,
  };
  const content = encodeLoad(load);
  const entries: Entry[] = [];
  const add = (command: Command, frame?: number): void =>
    void entries.push({
      command,
      when: frame === undefined ? { at: 'now' } : { at: 'frame', frame },
      source: 0,
    });
  for (let offset = 0; offset < content.length; offset += STAGE_WORDS)
    add({ kind: 'stage', region: REGION_LOAD, offset, words: content.slice(offset, offset + STAGE_WORDS) });
  add({ kind: 'commitLoad', words: content.length, serial: 1 });
  add({ kind: 'gate', voice: 5, on: true, velocity: 0.8, accent: 0 }, 1001);
  add({ kind: 'set', address: addressOf('voice2/filter/freq'), value: 3000 }, 5003);
  add({ kind: 'tempo', milliBpm: 140000 }, 11111);
  add({ kind: 'gate', voice: 5, on: false, velocity: 0, accent: 0 }, 15007);
  return entries;
}

function addressOf(path: string): number {
  const parameter = findPath(path);
  if (!parameter) throw new Error(`no parameter '${path}'`);
  return parameter.address;
}
function numberOf(value: number | string): number {
  const code = typeof value === 'number' ? value : targetCode(value, 8);
  if (typeof code !== 'number') throw new Error(`no target '${value}'`);
  return code;
}

export function hashOf(samples: Float32Array): string {
  return createHash('sha256')
    .update(new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength))
    .digest('hex');
}

/** What was accepted. Throws when the files are not there. */
export function acceptedGolden(root: string): {
  readonly hashes: Record<string, string>;
  readonly samples: Float32Array;
} {
  const bytes = readFileSync(join(root, GOLDEN_SAMPLES));
  return {
    hashes: JSON.parse(readFileSync(join(root, GOLDEN_HASHES), 'utf8')) as Record<string, string>,
    samples: new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length)),
  };
}

/** Power of the difference of two sounds against the power of the first, in dB; -Infinity when they are equal. */
export function nullDifference(old: Float32Array, now: Float32Array): number {
  let [sound, difference] = [0, 0];
  old.forEach((x, i) => {
    sound += x * x;
    difference += (x - (now[i] ?? 0)) ** 2;
  });
  return 10 * Math.log10(difference / sound);
}

function compare(root: string, now: Float32Array): string {
  let old;
  try {
    old = acceptedGolden(root).samples;
  } catch {
    return 'Nothing has been accepted yet.';
  }
  const first = old.findIndex((x, i) => x !== now[i]);
  if (first < 0) return 'The sound is the accepted one, to the bit.';
  return `The sound differs from frame ${first >> 1} on; the difference lies ${nullDifference(old, now).toFixed(1)} dB against the old sound.`;
}

function main(root: string, accept: boolean): void {
  const samples = renderGolden('simd');
  process.stdout.write(`${compare(root, samples)}\n`);
  if (!accept) return;
  const hashes = Object.fromEntries(BUILDS.map((build) => [build, hashOf(renderGolden(build))]));
  writeFileSync(join(root, GOLDEN_SAMPLES), new Uint8Array(samples.buffer));
  writeFileSync(join(root, GOLDEN_HASHES), `${JSON.stringify(hashes, null, 2)}\n`);
  process.stdout.write(`Accepted: ${GOLDEN_SAMPLES}, ${GOLDEN_HASHES}\n`);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href)
  main(process.cwd(), process.argv.includes('--accept'));
