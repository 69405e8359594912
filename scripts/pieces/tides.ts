/**
 * Slow dub in D minor, from 76 to 64 beats a minute: bells in seven, five and thirds of a quarter, long chords on free
 * voices, echoes, a bass in three bars.
 *
 *      0 chords   6 bells   12 bass and heart   24 without ground   28 all   34 the tempo sinks   38
 */
import type { Synth } from 'music-chronus';
import type { Piece, Stage } from './piece.js';
import { chord, fromScratch, HAT, KICK, PAD, setVoices } from './sounds.js';

const FULL = 123;
const CHORDS = ['D3 A3 C4 F4', 'Bb2 F3 A3 D4', 'G2 D3 Bb3 F4', 'A2 E3 G3 C4'] as const;

export const tides: Piece = {
  name: 'tides',
  doc: 'slow dub in D minor: bells in seven, five and thirds, long chords, echoes, the tempo sinks from 76 to 64',
  bpm: 76,
  bars: 38,
  hits: {
    bars: [
      [12, 24],
      [28, 34],
    ],
    steps: [0],
  },
  async prepare(synth) {
    fromScratch(synth);
    synth.reverb.set({ mix: 0.55, room: 0.85, damp: 0.45 });
    synth.delay.set({ time: 0.5921, feedback: 0.62, mix: 0.5, lowcut: 180, highcut: 3500 });
    synth.voice(1).set({ ...KICK, amp: 0.8, 'pitch/env': 18, 'adsr/decay': 0.4, 'filter/freq': 900 });
    synth.voice(2).set({
      ...{ 'osc/type': 'square', amp: 0.4, 'filter/freq': 320, 'filter/q': 1.2 },
      ...{ 'adsr/attack': 0.01, 'adsr/sustain': 0.8, 'adsr/release': 0.25, slide_time: 0.03 },
    });
    [-0.6, 0.6, 0.1].forEach((pan, i) =>
      synth.voice(3 + i).set({
        ...{ 'osc/type': 'sine', amp: 0.3, pan, 'filter/freq': 6000, 'adsr/attack': 0.002 },
        ...{
          'adsr/decay': 0.7,
          'adsr/sustain': 0,
          'adsr/release': 0.6,
          'send/reverb': 0.5,
          'send/delay': 0.35,
        },
      }),
    );
    synth.voice(6).set({
      ...{
        'osc/type': 'saw',
        amp: 0.34,
        'filter/freq': 1100,
        'filter/q': 3,
        'adsr/decay': 0.12,
        'adsr/sustain': 0,
      },
      ...{ 'send/delay': 0.8, 'send/reverb': 0.3, pan: -0.15 },
    });
    synth.voice(7).set({ ...HAT, amp: 0.26, pan: 0.5, 'send/delay': 0.3 });
    synth.voice(8).set({
      ...{ 'osc/type': 'brown', amp: 0.16, 'filter/freq': 700, 'filter/q': 1, 'send/reverb': 0.4 },
      ...{ 'adsr/attack': 2, 'adsr/decay': 1, 'adsr/sustain': 0.7, 'adsr/release': 3 },
    });
    for (let voice = 9; voice <= 16; voice++)
      synth.voice(voice).set({
        ...{ ...PAD, amp: 0.19, 'filter/freq': 750, 'send/reverb': 0.55, pan: (voice - 12.5) / 4 },
        ...{ 'adsr/attack': 1.6, 'adsr/release': 3 },
      });
    synth.lfo(1).set({ rate: 0.07, depth: 0.6, shape: 'triangle', target: 'voice8/filter/freq' });
    synth.lfo(2).set({ rate: 0.11, depth: 0.5, shape: 'sine', target: 'voice6/filter/freq' });
    const { seq } = synth;
    seq.add('heart', 'voice1', 'X.......x.......', { base_freq: 46, gate_frac: 0.9, mute: true });
    seq.add('bass', 'voice2', 'X__.....x_..X_.....x', {
      notes: 'D2 D2 A1 C2',
      length: 24,
      gate_frac: 0.95,
      accent_boost: 150,
      mute: true,
    });
    seq.add('seven', 'voice3', 'X..x..x', { notes: 'A4 D5 F5 C5 E5', mute: true });
    seq.add('five', 'voice4', 'x.x?70..', { notes: 'D5 A5 G5 F5', division: 2, mute: true });
    seq.add('thirds', 'voice5', 'x..x?60.x', {
      notes: 'D6 C6 A5 F5 E5 D5',
      division: '4/3',
      base_amp: 0.16,
      mute: true,
    });
    seq.add('stab', 'voice6', '....X.......x...', { notes: 'D4 F4 A4 C5', mute: true });
    seq.add('tick', 'voice7', 'X..x?70..x?70.x?70..x?70.x?70.x?70', { gate_frac: 0.2, mute: true });
    seq.add('sea', 'voice8', 'x_______________________________', { length: 48, gate_frac: 0.99, mute: true });
    seq.lock('stab', 4, 'filter/freq', 2400);
    seq.lock('stab', 12, 'filter/freq', 700);
    seq.lock('seven', 3, 'velocity', 0.9);
    seq.lock('five', 2, 'pan', 0.9);
    await synth.sync();
  },
  async play(stage) {
    const { synth } = stage;
    on(synth, 'sea');
    await chords(stage, 0, 6, 600);
    await stage.bar(6);
    on(synth, 'seven');
    await chords(stage, 6, 10, 800);
    await stage.bar(10);
    on(synth, 'five', 'tick');
    await chords(stage, 10, 12, 900);
    await stage.bar(12);
    on(synth, 'heart', 'bass');
    await chords(stage, 12, 18, 1000);
    await stage.bar(18);
    on(synth, 'stab', 'thirds');
    await synth.pattern.save(FULL, 'tides: all of it');
    await chords(stage, 18, 24, 1300);
    // Without ground: what is left plays into the room.
    await stage.bar(24);
    for (const track of ['heart', 'bass', 'tick']) synth.seq.mute(track, true, { at: 'bar' });
    stage.at(0, () => synth.reverb.set({ room: 0.95 }));
    await chords(stage, 24, 28, 1500);
    await stage.bar(28);
    await synth.pattern.load(FULL);
    await chords(stage, 28, 34, 1400);
    await stage.bar(34);
    stage.tempo(64, 16);
    for (const track of ['thirds', 'stab', 'tick']) synth.seq.mute(track, true, { at: 'bar' });
    await chords(stage, 34, 36, 800);
    await stage.bar(36);
    for (const track of ['heart', 'bass', 'seven', 'five', 'sea']) synth.seq.mute(track, true, { at: 'bar' });
    stage.at(0, () => chord(synth, 'D3 A3 D4 F4', 7));
  },
};

function on(synth: Synth, ...tracks: readonly string[]): void {
  for (const track of tracks) synth.seq.mute(track, false, { at: 'bar' });
}

/** Two bars each; the next one comes while the last one dies away. */
async function chords(stage: Stage, from: number, to: number, cutoff: number): Promise<void> {
  for (let bar = from; bar < to; bar += 2) {
    await stage.bar(bar);
    stage.at(0, () => {
      setVoices(stage.synth, 9, 16, { 'filter/freq': cutoff });
      chord(stage.synth, CHORDS[(bar / 2) % 4] ?? CHORDS[0], 7.5);
    });
  }
}
