/** Sounds that more than one piece is made of. */
import type { Synth } from 'music-chronus';

type VoiceSound = Parameters<ReturnType<Synth['voice']>['set']>[0];

/** Every voice and effect as after the start of an engine, and nothing modulated. */
export function fromScratch(synth: Synth): void {
  synth.voice('*').set({
    ...{ freq: 440, amp: 0.3, 'osc/type': 'sine', 'filter/freq': 1000, 'filter/q': 2 },
    ...{ 'adsr/attack': 0.01, 'adsr/decay': 0.1, 'adsr/sustain': 0.7, 'adsr/release': 0.5 },
    ...{ 'send/reverb': 0, 'send/delay': 0, slide_time: 0, pan: 0, 'pitch/env': 0, 'pitch/decay': 0.05 },
  });
  synth.lfo('*').set({ depth: 0, offset: 0, shape: 'sine', target: 'none' });
  synth.acid.set({ voice: 0 });
  synth.distortion.set({ drive: 0, mix: 0, tone: 0.5 });
  synth.reverb.set({ mix: 0.3, room: 0.5, damp: 0.5 });
  synth.delay.set({ time: 0.25, feedback: 0.4, mix: 0.3, lowcut: 100, highcut: 5000 });
  synth.limiter.set({ ceiling: -1, release: 0.08 });
  synth.seq.swing(0);
  synth.seq.seed(1);
}

/** A drum that falls from high to low. */
export const KICK: VoiceSound = {
  ...{ 'osc/type': 'sine', 'filter/freq': 3000, 'filter/q': 0.7, 'pitch/env': 30, 'pitch/decay': 0.06 },
  ...{ 'adsr/attack': 0.001, 'adsr/decay': 0.28, 'adsr/sustain': 0, 'adsr/release': 0.05 },
};

/** Short noise. */
export const HAT: VoiceSound = {
  ...{ 'osc/type': 'white', 'filter/freq': 8000, 'filter/q': 2 },
  ...{ 'adsr/attack': 0.001, 'adsr/decay': 0.045, 'adsr/sustain': 0, 'adsr/release': 0.03 },
};

/** Longer noise: the rattle of a snare. */
export const SNARE: VoiceSound = {
  ...{ 'osc/type': 'white', 'filter/freq': 5500, 'filter/q': 1 },
  ...{ 'adsr/attack': 0.001, 'adsr/decay': 0.16, 'adsr/sustain': 0, 'adsr/release': 0.08 },
};

/** Its skin. */
export const SKIN: VoiceSound = {
  ...{
    'osc/type': 'sine',
    freq: 185,
    'filter/freq': 2500,
    'filter/q': 0.7,
    'pitch/env': 9,
    'pitch/decay': 0.03,
  },
  ...{ 'adsr/attack': 0.001, 'adsr/decay': 0.11, 'adsr/sustain': 0, 'adsr/release': 0.05 },
};

export const PAD: VoiceSound = {
  ...{ 'osc/type': 'saw', 'filter/freq': 900, 'filter/q': 0.8 },
  ...{ 'adsr/attack': 0.6, 'adsr/decay': 0.5, 'adsr/sustain': 0.8, 'adsr/release': 1.4 },
};

/** A chord on free voices, each note of so many beats. */
export function chord(synth: Synth, notes: string, beats: number, velocity = 0.6): void {
  for (const note of notes.split(' ')) synth.note('poly', note, { velocity, beats });
}

/** Something about several voices. */
export function setVoices(synth: Synth, from: number, to: number, sound: VoiceSound): void {
  for (let voice = from; voice <= to; voice++) synth.voice(voice).set(sound);
}
