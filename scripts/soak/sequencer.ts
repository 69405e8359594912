/**
 * Ten minutes at 174 BPM with swing and tempo ramps: steps, ends of notes and time tags, each against the formula in whole
 * numbers. The piece is rendered twice: by the sequencer, and by plain gates at the frames the formula gives. The two must
 * be the same to the bit, so a single event one frame off is seen.
 */
import { seeded } from '../../test/helpers/bus.js';
import {
  at,
  gate,
  makeTrack,
  openRig,
  putTrack,
  RATE,
  set,
  swing,
  tempo,
  transport,
  type Event,
} from '../../test/helpers/core.js';
import type { Command } from '../../engine/shared/command.js';
import type { Figure, SoakOptions, SoakPart } from './part.js';

const STEP_UNITS = 15_000 * RATE;
const SWING = 0.33;
const BLOCK = 480;
const PATTERN = 'x..Xx.x.X..x..xX';
const GATE = 0.37;

export const sequencerPart: SoakPart = {
  name: 'sequencer',
  doc: 'ten minutes with swing and ramps, every event against whole numbers',
  run: (options) => Promise.resolve(run(options)),
};

function run({ seed, quick, say }: SoakOptions): Figure[] {
  const frames = (quick ? 20 : 600) * RATE;
  const random = seeded(seed);
  const changes = tempoChanges(random, frames);
  const tagged = timeTags(random, frames);
  const set0 = [...voice(1), ...voice(2), set('lfo1/target', 'none'), set('lfo2/target', 'none')];
  const track = { pattern: PATTERN, gateFrac: GATE, accentBoostHz: 0 };
  const start = [...putTrack(0, track), tempo(174), swing(SWING), transport(true)];
  const bySequencer = merge(
    at(0, start),
    changes,
    tagged.map(({ event }) => event),
  );
  const { events, steps, ends } = formula(changes, frames);
  const byGates = merge(
    events,
    tagged.map(({ event }) => event),
  );

  const first = openRig({ voices: 4 }).now(...set0);
  const second = openRig({ voices: 4 }).now(...set0);
  let differing = 0;
  let sounding = 0;
  for (let frame = 0; frame < frames; frame += 10 * RATE) {
    const part = Math.min(10 * RATE, frames - frame);
    const inPart = (all: readonly Event[]): Event[] =>
      all.filter((event) => event.frame >= frame && event.frame < frame + part);
    const a = first.render(part, inPart(bySequencer), () => BLOCK);
    const b = second.render(part, inPart(byGates), () => BLOCK);
    for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) differing++;
    sounding = Math.max(sounding, ...a.subarray(0, 4800).map(Math.abs));
    if ((frame / RATE) % 60 === 0) say(`${frame / RATE} s, ${differing} samples differ`);
  }
  return [
    {
      figure: `${frames / RATE} s at 174 BPM, swing ${SWING}, ${changes.length} changes of tempo (ramps among them), ${steps} steps, ${ends} ends of notes, ${tagged.length} time tags: samples that differ from the formula`,
      asked: '0',
      measured: String(differing),
      reached: differing === 0 && sounding > 0.01,
    },
  ];
}

function voice(number: number): Command[] {
  const id = `voice${number}`;
  return [
    set(`${id}/osc/type`, 'square'),
    set(`${id}/freq`, 110 * number),
    set(`${id}/adsr/attack`, 0.001),
    set(`${id}/adsr/release`, 0.01),
  ];
}

/** Every few seconds another tempo, at once or by a ramp; never while another ramp is under way. */
function tempoChanges(random: () => number, frames: number): Event[] {
  const events: Event[] = [];
  let frame = 2 * RATE;
  while (frame < frames - 12 * RATE) {
    const milliBpm = 160_000 + Math.floor(28_000 * random());
    const beats = random() < 0.7 ? 1 + Math.floor(12 * random()) : 0;
    events.push({ frame, command: { kind: 'tempo', milliBpm, ...(beats > 0 && { beats }) } });
    frame += Math.floor((6 + 4 * random()) * RATE);
  }
  return events;
}

/** Gates of the second voice at any frame. */
function timeTags(random: () => number, frames: number): { event: Event }[] {
  const events: { event: Event }[] = [];
  for (let frame = 0, on = true; ; on = !on) {
    frame += 1000 + Math.floor(40_000 * random());
    if (frame >= frames) return events;
    events.push({ event: { frame, command: gate(2, on, 0.5) } });
  }
}

/** Frames of the gates, one frame after the other: position grows by the tempo of each frame, in whole numbers. */
function formula(
  changes: readonly Event[],
  frames: number,
): { events: Event[]; steps: number; ends: number } {
  const { pattern, gateFrac } = makeTrack({ pattern: PATTERN, gateFrac: GATE });
  const late = Math.trunc(0.5 * Math.fround(SWING) * STEP_UNITS);
  const length = Math.trunc(Math.fround(gateFrac) * STEP_UNITS);
  const stepAt = (step: number): number => step * STEP_UNITS + (step % 2 === 1 ? late : 0);
  const events: Event[] = [];
  let [from, to, since, ramp] = [174_000, 174_000, 0, 0];
  const tempoNow = (): number =>
    since >= ramp ? to : from + Math.sign(to - from) * Math.floor((Math.abs(to - from) * since) / ramp);
  let position = 0;
  let step = 0;
  let end = Infinity;
  let ends = 0;
  let next = 0;
  for (let frame = 0; frame < frames; frame++) {
    for (let change = changes[next]; change?.frame === frame; change = changes[++next]) {
      if (change.command.kind !== 'tempo') continue;
      [from, to, since] = [tempoNow(), change.command.milliBpm, 0];
      const { beats = 0 } = change.command;
      ramp = beats > 0 ? Math.max(1, Math.floor((2 * 4 * beats * STEP_UNITS) / (from + to))) : 0;
    }
    if (position >= end) {
      events.push(...at(frame, [gate(1, false)]));
      end = Infinity;
      ends++;
    }
    if (position >= stepAt(step)) {
      const kind = pattern[step % pattern.length];
      if (kind !== '.') {
        const accent = kind === 'X';
        events.push(...at(frame, [gate(1, true, accent ? 1 : 0.6, accent ? 1 : 0)]));
        end = stepAt(step) + length;
      }
      step++;
    }
    position += tempoNow();
    since++;
  }
  return { events, steps: step, ends };
}

/** In the order of their frames; of one frame, in the order of the lists. */
function merge(...lists: readonly (readonly Event[])[]): Event[] {
  return lists.flat().sort((a, b) => a.frame - b.frame);
}
