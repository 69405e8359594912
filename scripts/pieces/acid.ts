/**
 * Acid techno in A minor, from 126 to 132: one line with ties, accents and locked cutoffs through the ladder filter; mutes
 * and solos are the arrangement.
 *
 *      0 kick   8 line   16 hats and clap   24 the line alone   28 all, faster   44 break   52 all   62 end   64
 */
import type { Synth } from 'music-chronus';
import type { Piece, Stage } from './piece.js';
import { chord, fromScratch, HAT, KICK, PAD, setVoices, SNARE } from './sounds.js';

const MAIN = 125;
const NOTES = 'A1 A1 C2 A1 E2 A1 G1 A2';
const LINE = 'X_x.X.x_x.X_x.xX';
const SECOND = 'Xx_.x.X_.xX.x_X*2.';
const CUTOFFS = [900, 300, 1300, 500, 2200, 700, 400, 1700] as const;

export const acid: Piece = {
  name: 'acid',
  doc: 'acid techno in A minor: one line with ties, accents and locked cutoffs, 126 to 132 beats a minute',
  bpm: 126,
  bars: 64,
  hits: {
    bars: [
      [0, 24],
      [28, 43],
      [52, 62],
    ],
    steps: [0, 4, 8, 12],
  },
  async prepare(synth) {
    fromScratch(synth);
    synth.reverb.set({ mix: 0.3, room: 0.5, damp: 0.5 });
    synth.delay.set({ time: 0.3571, feedback: 0.5, mix: 0.35, lowcut: 300, highcut: 4000 });
    synth.acid.set({
      voice: 2,
      cutoff: 350,
      res: 0.82,
      env_amount: 1800,
      decay: 0.22,
      drive: 0.45,
      vol_comp: 0.5,
    });
    synth.voice(1).set({ ...KICK, amp: 0.78 });
    synth.voice(2).set({
      ...{ 'osc/type': 'saw', amp: 0.5, slide_time: 0.03, 'send/delay': 0.12 },
      ...{ 'adsr/attack': 0.002, 'adsr/decay': 0.3, 'adsr/sustain': 0.75, 'adsr/release': 0.03 },
    });
    synth.voice(3).set({ ...HAT, amp: 0.6, pan: 0.45, 'send/reverb': 0.15 });
    synth.voice(4).set({ ...HAT, amp: 0.5, 'adsr/decay': 0.14, pan: -0.45, 'send/reverb': 0.15 });
    synth.voice(5).set({ ...SNARE, amp: 0.75, 'filter/freq': 3200, 'filter/q': 2.5, 'send/reverb': 0.3 });
    synth
      .voice(6)
      .set({ 'osc/type': 'sine', amp: 0.5, 'filter/freq': 300, 'adsr/sustain': 0.9, 'adsr/release': 0.05 });
    synth.voice(7).set({
      'osc/type': 'square',
      amp: 0.19,
      'adsr/decay': 0.06,
      'adsr/sustain': 0,
      'filter/freq': 3500,
      pan: 0.55,
    });
    synth.voice(8).set({
      ...{
        'osc/type': 'saw',
        amp: 0.34,
        'filter/freq': 1600,
        'adsr/decay': 0.14,
        'adsr/sustain': 0,
        pan: -0.2,
      },
      ...{ 'send/delay': 0.6, 'send/reverb': 0.25 },
    });
    for (let voice = 9; voice <= 16; voice++)
      synth
        .voice(voice)
        .set({ ...PAD, amp: 0.2, 'filter/freq': 800, 'send/reverb': 0.5, pan: (voice - 12.5) / 4 });
    const { seq } = synth;
    seq.add('kick', 'voice1', 'X...X...X...X...', { base_freq: 47, gate_frac: 0.9 });
    seq.add('line', 'voice2', LINE, { notes: NOTES, gate_frac: 0.55, mute: true });
    seq.add('hat', 'voice3', 'x.x?80.xx.x?60.', { gate_frac: 0.2, mute: true });
    seq.add('open', 'voice4', '..X...X...X...X.', { gate_frac: 0.5, mute: true });
    seq.add('clap', 'voice5', '....X.......X...', { mute: true });
    seq.add('sub', 'voice6', '..x...x...x...x.', { notes: 'A1', gate_frac: 0.9, mute: true });
    seq.add('tick', 'voice7', 'x(5,12)', { notes: 'A5 E5 A5 C6', gate_frac: 0.2, mute: true });
    seq.add('stab', 'voice8', '...X..X.........', { notes: 'A3 C4 E4', mute: true });
    CUTOFFS.forEach((hz, i) => seq.lock('line', 2 * i, 'acid1/cutoff', hz));
    seq.lock('stab', 6, 'filter/freq', 3200);
    seq.swing(0.08);
    await synth.sync();
  },
  async play(stage) {
    const { synth } = stage;
    await stage.bar(8);
    mute(synth, false, 'line');
    await open(stage, 8, 16, 900, 1800);
    await stage.bar(12);
    mute(synth, false, 'sub');
    await stage.bar(16);
    mute(synth, false, 'hat', 'open', 'clap');
    stage.tempo(128, 32);
    await open(stage, 16, 24, 1800, 2600);
    // The line alone.
    await stage.bar(24);
    synth.seq.solo('line', true, { at: 'bar' });
    synth.seq.set('line', { pattern: SECOND, at: 'bar' });
    stage.at(0, () => synth.acid.set({ res: 0.9, decay: 0.4 }));
    await stage.bar(27);
    synth.seq.set('line', { pattern: 'XxxxXxxxX*2X*2X*2X*2X*3X*3X*4X*4', at: 'bar' });
    await stage.bar(28);
    synth.seq.solo('line', false, { at: 'bar' });
    synth.seq.set('line', { pattern: LINE, at: 'bar' });
    mute(synth, false, 'tick');
    stage.at(0, () => synth.acid.set({ res: 0.86, decay: 0.25, drive: 0.6 }));
    stage.tempo(130, 32);
    // With the tempo the ramp leads to, which it has when it is loaded again.
    await synth.pattern.save(MAIN, 'acid: all of it');
    await open(stage, 28, 36, 1600, 3000);
    await stage.bar(36);
    mute(synth, false, 'stab');
    synth.seq.updateNotes('line', 'A1 A1 C2 A1 F1 F1 G1 A2', { at: 'bar' });
    await open(stage, 36, 43, 2000, 3600);
    await stage.bar(43);
    mute(synth, true, 'kick', 'sub');
    // The break: chords, and the line from far away.
    await stage.bar(44);
    mute(synth, true, 'hat', 'open', 'clap', 'tick');
    synth.seq.updateNotes('line', NOTES, { at: 'bar' });
    for (const [i, notes] of ['A2 E3 A3 C4', 'F2 C3 A3 C4', 'G2 D3 B3 D4', 'E2 B2 G3 B3'].entries()) {
      await stage.bar(44 + 2 * i);
      stage.at(0, () => {
        synth.acid.set({ env_amount: 600 + 700 * i, drive: 0.3 });
        setVoices(synth, 9, 16, { 'filter/freq': 800 + 500 * i });
        chord(synth, notes, 7.5);
      });
    }
    await stage.bar(51);
    synth.seq.set('clap', { pattern: 'x.x.x.x.xxxxX*2X*2X*4X*4', mute: false, at: 'bar' });
    await stage.bar(52);
    await synth.pattern.load(MAIN);
    stage.tempo(132, 16);
    mute(synth, false, 'stab');
    await open(stage, 52, 60, 2200, 4200);
    await stage.bar(60);
    mute(synth, true, 'stab', 'tick', 'clap', 'sub');
    await stage.bar(62);
    mute(synth, true, 'line', 'open');
  },
};

function mute(synth: Synth, on: boolean, ...tracks: readonly string[]): void {
  for (const track of tracks) synth.seq.mute(track, on, { at: 'bar' });
}

/** The envelope of the ladder opens from bar to bar. */
async function open(stage: Stage, from: number, to: number, low: number, high: number): Promise<void> {
  for (let bar = from; bar < to; bar += 2) {
    await stage.bar(bar);
    const env = low + ((high - low) * (bar - from)) / (to - from);
    stage.at(0, () => stage.synth.acid.set({ env_amount: env }));
  }
}
