/** The patterns of the library as they sound: levels of the whole, times of single tracks. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { MODULE_ROWS, moduleIds } from '../../engine/patterns/fields.js';
import { formatSlot } from '../../engine/patterns/format.js';
import { libraryFiles } from '../../engine/patterns/library.js';
import { readSlotFile } from '../../engine/patterns/read-file.js';
import type { SlotDocument, SlotSequencer } from '../../engine/patterns/slot-document.js';
import { voiceId } from '../../engine/sequence/voice-id.js';
import { readSteps } from '../../engine/shared/steps.js';
import { CHANNELS } from '../../engine/shared/tap.js';
import type { Track } from '../../engine/shared/track.js';
import { renderProgram } from '../../engine/supervisor/offline.js';
import { barFrames, slotProgram } from '../../engine/supervisor/program.js';
import { distortionTable } from '../../modules/distortion/table.js';
import { limiterTable } from '../../modules/limiter/table.js';
import { voiceTable } from '../../modules/voice/table.js';
import { decibels, firstSound, levelsOf, onsets } from '../helpers/audio.js';
import { cleanValueOf } from '../helpers/outcome.js';
import { ROOT } from '../helpers/root.js';

const BARS = 8;
const VOICES = 16;
const SAMPLE_RATE = 48_000;
const FORMAT = { sampleRate: SAMPLE_RATE, voices: VOICES, blockFrames: 256 };
/** From the step to the output. */
const LATENCY = voiceTable.latencyFrames + distortionTable.latencyFrames + limiterTable.latencyFrames;
/** One millisecond. */
const NEAR = SAMPLE_RATE / 1000;
/** Tracks of each pattern whose times are measured: those with the most hits. */
const TIMED = 2;
/** Makes every sound a short one: it ends long before the next step. */
const STRUCK: Readonly<Record<string, number>> = {
  'adsr/attack': 0.001,
  'adsr/decay': 0.03,
  'adsr/sustain': 0,
  'adsr/release': 0.01,
  'filter/freq': 8000,
  slide_time: 0,
};
/** Its level wanders so slowly that a note need not rise within a millisecond. */
const BROWN = 5;

const FILES = await libraryFiles(join(ROOT, 'patterns', 'library'));
const FACTORY = FILES.filter(({ folder }) => folder === 'factory');

function sequencerOf(document: SlotDocument): SlotSequencer {
  assert.ok(document.sequencer);
  return document.sequencer;
}

const milliBpm = (sequencer: SlotSequencer): number => Math.round(sequencer.bpm * 1000);

function render(document: SlotDocument): [left: Float32Array, right: Float32Array] {
  const frames = barFrames(BARS, milliBpm(sequencerOf(document)), SAMPLE_RATE);
  const [left, right] = [new Float32Array(frames), new Float32Array(frames)];
  let at = 0;
  renderProgram(slotProgram(document, FORMAT, frames, 0), (samples, count) => {
    for (let i = 0; i < count; i++, at++) {
      left[at] = samples[i * CHANNELS]!;
      right[at] = samples[i * CHANNELS + 1]!;
    }
  });
  assert.equal(at, frames, 'frames rendered');
  return [left, right];
}

/** Where the hits of a track in the first bars are heard. */
function hitFrames(track: Track, sequencer: SlotSequencer): number[] {
  const { steps } = readSteps(track.pattern);
  const unitsPerStep = 15_000 * SAMPLE_RATE;
  const frames: number[] = [];
  for (let step = 0; step < BARS * 16; step++) {
    if (steps[step % steps.length]?.kind === 'rest') continue;
    const late = step % 2 === 1 ? Math.trunc(0.5 * Math.fround(sequencer.swing) * unitsPerStep) : 0;
    frames.push(Math.ceil((step * unitsPerStep + late) / milliBpm(sequencer)) + LATENCY);
  }
  return frames;
}

/** The document with this track alone: short, bright notes, nothing sent to reverb and delay, no LFO at work. */
function alone(document: SlotDocument, track: Track): SlotDocument {
  const id = voiceId(track.voice);
  const params = new Map(document.params);
  for (const [name, value] of Object.entries(STRUCK)) params.set(`${id}/${name}`, value);
  for (const name of ['lfo1/depth', 'lfo2/depth', `${id}/send/reverb`, `${id}/send/delay`])
    params.set(name, 0);
  const dry: Track = { ...track, filterFreqHz: 8000, reverbSend: 0, delaySend: 0 };
  return { ...document, params, sequencer: { ...sequencerOf(document), tracks: [dry] } };
}

function timedTracks({ params, sequencer }: SlotDocument): Track[] {
  if (!sequencer) return [];
  const hits = (track: Track): number => hitFrames(track, sequencer).length;
  return sequencer.tracks
    .filter(({ voice }) => params.get(`${voiceId(voice)}/osc/type`) !== BROWN)
    .sort((a, b) => hits(b) - hits(a))
    .slice(0, TIMED);
}

/** Onsets that belong to no hit, and hits without an onset, with the nearest one in ms. */
function strays(these: readonly number[], those: readonly number[]): string[] {
  return these.flatMap((frame) => {
    const nearest = Math.min(...those.map((other) => Math.abs(other - frame)));
    return nearest <= NEAR
      ? []
      : [`${frame} (nearest ${((nearest * 1000) / SAMPLE_RATE).toFixed(2)} ms away)`];
  });
}

function checkTimes(document: SlotDocument, track: Track): void {
  const sequencer = sequencerOf(document);
  const expected = hitFrames(track, sequencer);
  const [left, right] = render(alone(document, track));
  const loud = left.map((sample, i) => Math.max(Math.abs(sample), Math.abs(right[i]!)));
  const found = onsets(loud, 0.01, SAMPLE_RATE / 100);
  const where = `track ${track.id} '${track.pattern}' at ${sequencer.bpm} BPM, swing ${sequencer.swing}`;
  assert.deepEqual(strays(expected, found), [], `${where}: hits that are not heard at their frame`);
  assert.deepEqual(strays(found, expected), [], `${where}: frames at which something starts that is no hit`);
  assert.equal(found.length, expected.length, `${where}: number of hits`);
  const first = firstSound(loud);
  // Band-limited steps and the filters of the distortion begin before their middle, at most by their delay.
  const earliest = expected[0]! - voiceTable.latencyFrames - distortionTable.latencyFrames;
  assert.ok(first >= earliest, `${where}: sound at frame ${first}, the first hit is at ${expected[0]}`);
}

for (const { name, path, folder } of FILES) {
  test(`${folder}/${name}: ${BARS} bars are finite, in range and without DC`, async () => {
    const document = cleanValueOf(await readSlotFile(path));
    const sides = render(document.document).map(levelsOf);
    for (const [side, { peak, rms, mean }] of sides.entries()) {
      const said =
        `${side === 0 ? 'left' : 'right'}: peak ${decibels(peak).toFixed(1)} dBFS, ` +
        `RMS ${decibels(rms).toFixed(1)} dBFS, mean ${decibels(mean).toFixed(1)} dBFS`;
      assert.ok(peak <= 1, said);
      assert.ok(decibels(rms) > -40, said);
      assert.ok(decibels(mean) < -50, said);
      if (folder !== 'factory') continue;
      assert.ok(decibels(peak) < -1, `${said}; the limiter works`);
      assert.ok(decibels(rms) > -24 && decibels(rms) < -12, said);
    }
  });

  test(`${folder}/${name}: every hit of its ${TIMED} busiest tracks is heard at its frame`, async () => {
    const { document } = cleanValueOf(await readSlotFile(path));
    const tracks = timedTracks(document);
    assert.equal(tracks.length, TIMED);
    for (const track of tracks) checkTimes(document, track);
  });
}

test('the factory has a pattern for every slot from 1 on, at least seven, and the first is first-light', () => {
  assert.ok(FACTORY.length >= 7, `${FACTORY.length} patterns`);
  assert.deepEqual(
    FACTORY.map(({ slot }) => slot),
    FACTORY.map((_, i) => i + 1),
  );
  assert.equal(FACTORY[0]?.name, 'first-light');
});

for (const { name, path } of FACTORY) {
  test(`factory/${name}: sets every parameter there is, so that it sounds the same after any other`, async () => {
    const { document } = cleanValueOf(await readSlotFile(path));
    const wanted = MODULE_ROWS.flatMap(({ table }) =>
      moduleIds(table)
        .slice(0, table.instances === 'voices' ? VOICES : undefined)
        .flatMap((id) => Object.keys(table.params).map((param) => `${id}/${param}`)),
    );
    assert.deepEqual(
      wanted.filter((param) => !document.params.has(param)),
      [],
    );
    assert.ok(document.name !== undefined && sequencerOf(document).running);
  });

  test(`factory/${name}: saved again it is the same text`, async () => {
    const text = readFileSync(path, 'utf8');
    const { document } = cleanValueOf(await readSlotFile(path));
    const { timestamp } = JSON.parse(text) as { timestamp: number };
    assert.equal(formatSlot({ ...document, timestamp }), text.trimEnd());
  });
}
