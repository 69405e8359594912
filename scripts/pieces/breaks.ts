/**
 * Drum and bass at 174, in F minor: two-step breaks with ghost notes by chance, Euclid hats, a detuned bass whose filter is
 * locked step by step, wide chords.
 *
 *      0 intro   16 build   24 drop   48 break   56 build   60 drop   80 outro   88
 */
import type { Synth } from 'music-chronus';
import type { Piece, Stage } from './piece.js';
import { chord, fromScratch, HAT, KICK, PAD, SKIN, SNARE } from './sounds.js';

const GROOVE = 121;
const BREAK = 122;
const CHORDS = ['F3 Ab3 C4 Eb4', 'Db3 F3 Ab3 C4', 'Bb2 Db3 F3 Ab3', 'C3 Eb3 G3 Bb3'] as const;
const ROOTS = ['F1', 'Db1', 'Bb1', 'C1'] as const;
/** Of the two oscillators of the bass, in Hz: the second a sixth of a semitone above. */
const BASS: Readonly<Record<string, readonly [number, number]>> = {
  F1: [43.65, 44.08],
  Db1: [34.65, 34.99],
  Bb1: [58.27, 58.84],
  C1: [32.7, 33.02],
};
const DRUMS = ['kick', 'snare', 'skin', 'ghost', 'hat', 'ride'] as const;
const LOW = ['reese', 'reese2', 'sub'] as const;
const SWEEP = [320, 900, 260, 1400, 500, 2200, 380, 700] as const;

export const breaks: Piece = {
  name: 'breaks',
  doc: 'drum and bass at 174 in F minor: broken beats, Euclid hats, a bass with locked filters',
  bpm: 174,
  bars: 88,
  hits: {
    bars: [
      [24, 46],
      [60, 78],
    ],
    steps: [4, 12],
  },
  async prepare(synth) {
    fromScratch(synth);
    synth.reverb.set({ mix: 0.4, room: 0.55, damp: 0.4 });
    synth.delay.set({ time: 0.2586, feedback: 0.45, mix: 0.35, lowcut: 300, highcut: 6000 });
    synth.distortion.set({ drive: 0.15, mix: 0.25, tone: 0.75 });
    synth.voice(1).set({ ...KICK, amp: 0.72 });
    synth.voice(2).set({ ...SKIN, amp: 0.6 });
    synth.voice(3).set({ ...SNARE, amp: 0.85, 'send/reverb': 0.12, pan: 0.05 });
    synth.voice(4).set({ ...SNARE, amp: 0.45, 'filter/freq': 4200, 'adsr/decay': 0.07, pan: -0.25 });
    synth.voice(5).set({ ...HAT, amp: 0.5, pan: 0.4 });
    synth.voice(6).set({ ...HAT, amp: 0.34, 'adsr/decay': 0.16, pan: -0.4, 'send/reverb': 0.1 });
    for (const [voice, pan] of [
      [7, -0.5],
      [8, 0.5],
    ] as const) {
      synth.voice(voice).set({
        ...{ 'osc/type': 'saw', amp: 0.22, 'filter/freq': 500, 'filter/q': 2.2, pan, slide_time: 0.02 },
        ...{ 'adsr/attack': 0.004, 'adsr/decay': 0.2, 'adsr/sustain': 0.8, 'adsr/release': 0.06 },
      });
    }
    synth
      .voice(9)
      .set({ 'osc/type': 'sine', amp: 0.3, 'filter/freq': 400, 'adsr/sustain': 0.9, 'adsr/release': 0.06 });
    synth.voice(10).set({
      ...{ 'osc/type': 'square', amp: 0.17, 'filter/freq': 2600, 'filter/q': 1.5, pan: 0.2 },
      ...{
        'adsr/decay': 0.12,
        'adsr/sustain': 0.15,
        'adsr/release': 0.2,
        'send/delay': 0.5,
        'send/reverb': 0.3,
      },
    });
    for (let voice = 11; voice <= 16; voice++)
      synth.voice(voice).set({ ...PAD, amp: 0.21, 'send/reverb': 0.5, pan: (voice - 13.5) / 3.5 });
    await tracks(synth);
  },
  async play(stage) {
    const { synth } = stage;
    await harmony(stage, 0, 8, 1100);
    await stage.bar(8);
    mute(synth, ['hat'], false);
    await harmony(stage, 8, 16, 1500);
    // Build: the snare comes closer, the filter of the chords opens.
    await stage.bar(16);
    mute(synth, ['kick', 'arp'], false);
    await harmony(stage, 16, 22, 2200);
    await stage.bar(22);
    mute(synth, ['snare', 'skin'], false);
    fill(synth, 'x.x.x.x.x.x.x.x.');
    await stage.bar(23);
    fill(synth, 'xxxxxxxxX*2X*2X*3X*3X*4X*4X*4X*4');
    await stage.bar(24);
    drop(synth);
    await synth.pattern.save(GROOVE, 'breaks: the drop');
    await bass(stage, 24, 40);
    await stage.bar(40);
    synth.seq.set('kick', { pattern: 'X.....x...X..x..', at: 'bar' });
    synth.seq.set('ride', { pattern: 'x(5,16)', mute: false, at: 'bar' });
    await bass(stage, 40, 47);
    await stage.bar(47);
    synth.seq.set('snare', { pattern: '....X...X*2.X*2.X*3X*3X*4X*4', at: 'bar' });
    // The break: chords, arpeggio and echoes.
    await stage.bar(48);
    mute(synth, [...DRUMS, ...LOW], true);
    await synth.pattern.save(BREAK, 'breaks: the break');
    await harmony(stage, 48, 56, 1800);
    await stage.bar(56);
    mute(synth, ['kick', 'hat', 'snare', 'skin'], false);
    synth.seq.set('kick', { pattern: 'X...X...X...X...', at: 'bar' });
    fill(synth, 'X...x...X...x...');
    await harmony(stage, 56, 58, 2600);
    await stage.bar(58);
    fill(synth, 'X.x.X.x.X.x.X.x.');
    await stage.bar(59);
    fill(synth, 'x*2x*2x*2x*2x*3x*3x*3x*3X*4X*4X*4X*4');
    // The drop once more, from its slot: tracks, sounds and all.
    await stage.bar(60);
    await synth.pattern.load(GROOVE);
    synth.seq.set('ride', { pattern: 'x(7,16)', mute: false, at: 'bar' });
    synth.seq.mute('arp', false, { at: 'bar' });
    await bass(stage, 60, 78);
    await stage.bar(78);
    mute(synth, ['kick', 'sub'], true);
    await bass(stage, 78, 80);
    await stage.bar(80);
    mute(synth, [...LOW, 'snare', 'skin', 'ghost', 'ride'], true);
    await harmony(stage, 80, 86, 1200);
    await stage.bar(86);
    mute(synth, ['hat', 'arp'], true);
  },
};

/** All that is to play, muted. */
async function tracks(synth: Synth): Promise<void> {
  const { seq } = synth;
  seq.add('kick', 'voice1', 'X.........X.....', { base_freq: 48, gate_frac: 0.9, mute: true });
  seq.add('skin', 'voice2', '....X.......X...', { base_freq: 185, mute: true });
  seq.add('snare', 'voice3', '....X.......X...', { mute: true });
  seq.add('ghost', 'voice4', '.......x?60.x?40.....x?50x*2?30', { mute: true });
  seq.add('hat', 'voice5', 'x(11,16)', { gate_frac: 0.3, mute: true });
  seq.add('ride', 'voice6', 'x(5,16)', { gate_frac: 0.5, mute: true });
  seq.add('reese', 'voice7', 'X__x__x_X__x_x__', {
    gate_frac: 0.95,
    notes: ['43.65hz'],
    accent_boost: 0,
    mute: true,
  });
  seq.add('reese2', 'voice8', 'X__x__x_X__x_x__', {
    gate_frac: 0.95,
    notes: ['44.08hz'],
    accent_boost: 0,
    mute: true,
  });
  seq.add('sub', 'voice9', 'X_____x_X____x__', { gate_frac: 0.95, notes: ['43.65hz'], mute: true });
  seq.add('arp', 'voice10', 'x.xx.x.xx.x.xx.x', {
    notes: 'F4 Ab4 C5 Eb5 F5 C5 Ab4',
    gate_frac: 0.5,
    length: 14,
    mute: true,
  });
  SWEEP.forEach((hz, i) => {
    for (const track of ['reese', 'reese2']) seq.lock(track, 2 * i, 'filter/freq', hz);
  });
  await synth.sync();
}

function mute(synth: Synth, names: readonly string[], on: boolean): void {
  for (const name of names) synth.seq.mute(name, on, { at: 'bar' });
}

function fill(synth: Synth, pattern: string): void {
  synth.seq.set('snare', { pattern, mute: false, at: 'bar' });
}

function drop(synth: Synth): void {
  synth.seq.set('kick', { pattern: 'X.........X.....', mute: false, at: 'bar' });
  fill(synth, '....X.......X...');
  mute(synth, ['skin', 'ghost', 'hat', ...LOW], false);
  mute(synth, ['ride', 'arp'], true);
}

/** Chords, one to two bars. */
async function harmony(stage: Stage, from: number, to: number, cutoff: number): Promise<void> {
  for (let bar = from; bar < to; bar += 2) {
    await stage.bar(bar);
    stage.at(0, () => {
      stage.synth.voice('1[1-6]').set({ 'filter/freq': cutoff });
      chord(stage.synth, CHORDS[(bar / 2) % 4] ?? CHORDS[0], 7.5);
    });
  }
}

/** The bass goes with the chords, two bars each. */
async function bass(stage: Stage, from: number, to: number): Promise<void> {
  for (let bar = from; bar < to; bar += 2) {
    await stage.bar(bar);
    const { seq } = stage.synth;
    const place = (bar / 2) % 4;
    const [low, high] = BASS[ROOTS[place] ?? 'F1'] ?? [43.65, 44.08];
    seq.set('reese', { notes: [`${low}hz`], at: 'bar' });
    seq.set('reese2', { notes: [`${high}hz`], at: 'bar' });
    seq.set('sub', { notes: [`${low < 40 ? 2 * low : low}hz`], at: 'bar' });
    if (place % 2 === 0) stage.at(0, () => chord(stage.synth, CHORDS[place] ?? CHORDS[0], 3.5, 0.35));
  }
}
