// Generated from the tables by `npm run generate`. Do not edit.
import { GatedModule, Module, Routes, type Port } from '../port.js';
import type { Answer, Command } from '../sent.js';
import type { Value } from '../values.js';

/** Parameters of voice: Oscillator with seven waveforms, portamento, pitch envelope, ADSR, resonant filter, pan and two sends. */
export interface VoiceParams {
  /** Pitch of the oscillator; then glides by slide_time. 20 to 5000 Hz; 440 at start. */
  readonly 'freq': number;
  /** Height of the envelope. 0 to 1; 0.3 at start. */
  readonly 'amp': number;
  /** Waveform; crossfades in 64 frames. 0 to 6, whole; sine at start. */
  readonly 'osc/type': 'sine' | 'saw' | 'square' | 'white' | 'pink' | 'brown' | 'triangle' | number;
  /** Corner of the filter. 50 to 8000 Hz; 1000 at start. */
  readonly 'filter/freq': number;
  /** Resonance of the filter; the gain at the corner is q (band-pass: 1). 0.5 to 10; 2 at start. */
  readonly 'filter/q': number;
  /** Time from the gate to the top; acts from the next attack on. 0.001 to 2 s; 0.01 at start. */
  readonly 'adsr/attack': number;
  /** Time from the top to the sustain level; acts from the next attack on. 0 to 2 s; 0.1 at start. */
  readonly 'adsr/decay': number;
  /** Level while the gate stays open; a held note glides to a new level in 5 ms. 0 to 1; 0.7 at start. */
  readonly 'adsr/sustain': number;
  /** Time from the end of the gate to exact silence; acts from the next release on. 0.01 to 3 s; 0.5 at start. */
  readonly 'adsr/release': number;
  /** Level into reverb1. 0 to 1; 0 at start. */
  readonly 'send/reverb': number;
  /** Level into delay1. 0 to 1; 0 at start. */
  readonly 'send/delay': number;
  /** Time constant (63 %) of the glide between pitches; 0 = none. 0 to 1.5 s; 0 at start. */
  readonly 'slide_time': number;
  /** Place in the stereo field, -1 left to 1 right; equal power, both sides at full level in the middle. -1 to 1; 0 at start. */
  readonly 'pan': number;
  /** How far above (or below) its pitch a note starts; needed for a kick drum. -48 to 48 semitones; 0 at start. */
  readonly 'pitch/env': number;
  /** Time for the pitch envelope to fall to 1 % of its start. 0.005 to 2 s; 0.05 at start. */
  readonly 'pitch/decay': number;
  /** Share of the cycle in which a square is high; its mean is taken off. 0.05 to 0.95; 0.5 at start. */
  readonly 'osc/width': number;
  /** Hard sync: saw, square and triangle run this many times as fast and begin anew with each cycle; 1 = none. 1 to 16; 1 at start. */
  readonly 'osc/sync': number;
  /** What the filter lets through; crossfades in 64 frames. 0 to 3, whole; lowpass at start. */
  readonly 'filter/type': 'lowpass' | 'bandpass' | 'highpass' | 'notch' | number;
}

/** Parameters of acid: Four-pole ladder low-pass with drive, envelope and accent, in place of the low-pass of one voice. */
export interface AcidParams {
  /** Number of the voice whose filter it replaces; 0 = none. 0 to 256, whole; 2 at start. */
  readonly 'voice': number | string;
  /** Corner of the ladder with the envelope at rest. 80 to 5000 Hz; 1500 at start. */
  readonly 'cutoff': number;
  /** Resonance; from 0.94 on it oscillates at its cutoff while its voice sounds. The bass stays. 0 to 0.98; 0.45 at start. */
  readonly 'res': number;
  /** How far the envelope opens the ladder. 0 to 5000 Hz; 2500 at start. */
  readonly 'env_amount': number;
  /** Time for the filter envelope to fall to nothing. 0.02 to 1 s; 0.25 at start. */
  readonly 'decay': number;
  /** Saturation before the ladder. 0 to 1; 0.2 at start. */
  readonly 'drive': number;
  /** Fades from the normal output of the voice (0) to the ladder (1). 0 to 1; 1 at start. */
  readonly 'mix': number;
  /** How much high resonance lowers the level; at 0.5 a saw keeps its loudness within 3 dB. 0 to 1; 0.5 at start. */
  readonly 'vol_comp': number;
  /** Accent of notes opened by a gate; sequenced accents (X) are 1 by themselves. 0 to 1; 0 at start. */
  readonly 'accent': number;
  /** What a full accent adds to the cutoff. 0 to 1000 Hz; 300 at start. */
  readonly 'cutoff_offset': number;
  /** What a full accent adds to the resonance. 0 to 0.4; 0.2 at start. */
  readonly 'res_accent_boost': number;
  /** Time for an accent to fall to nothing. 0.02 to 0.15 s; 0.05 at start. */
  readonly 'accent_decay': number;
}

/** Parameters of distortion: Saturation of the mixed voices, oversampled; the dry path is delayed to match. */
export interface DistortionParams {
  /** Hardness of the shaper; full drive is k = 30. The loudness stays. 0 to 1; 0 at start. */
  readonly 'drive': number;
  /** From dry (0) to shaped (1), linear. 0 to 1; 0 at start. */
  readonly 'mix': number;
  /** Low-pass on the shaped sound, from dark (1 kHz) to bright (8 kHz), linear. 0 to 1; 0.5 at start. */
  readonly 'tone': number;
}

/** Parameters of reverb: Stereo reverb fed by the reverb sends; returns wet signal only. */
export interface ReverbParams {
  /** Level of the reverb in the mix. 0 to 1; 0.3 at start. */
  readonly 'mix': number;
  /** Size of the room, from a booth to a hall: T60 at 500 Hz is 0.4 s * 20^room, 0.4 to 8 s. 0 to 1; 0.5 at start. */
  readonly 'room': number;
  /** How fast the treble dies: at 6 kHz T60 is shorter by 2^(2.5 damp). 0 to 1; 0.5 at start. */
  readonly 'damp': number;
}

/** Parameters of delay: Filtered feedback delay fed by the delay sends; returns wet signal only. */
export interface DelayParams {
  /** Time between echoes while sync is off; time_mode says how a new one comes. 0.1 to 0.6 s; 0.25 at start. */
  readonly 'time': number;
  /** Level of each echo against the one before. 0 to 0.7; 0.4 at start. */
  readonly 'feedback': number;
  /** Level of the echoes in the mix. 0 to 1; 0.3 at start. */
  readonly 'mix': number;
  /** Each echo loses what lies below. 20 to 1000 Hz; 100 at start. */
  readonly 'lowcut': number;
  /** Each echo loses what lies above. 1000 to 10000 Hz; 5000 at start. */
  readonly 'highcut': number;
  /** How a new time comes: faded in over 50 ms without a change of pitch, or gliding like tape, an octave down or a fifth up at most. 0 to 1, whole; fade at start. */
  readonly 'time_mode': 'fade' | 'tape' | number;
  /** How far each echo crosses to the other side; at 1 the first one is left, as one of both inputs. 0 to 1; 0 at start. */
  readonly 'ping_pong': number;
  /** Time between echoes as a note of the tempo (d dotted, t triplet) in place of time; halved until it is at most 2 s. 0 to 14, whole; off at start. */
  readonly 'sync': 'off' | '1/32' | '1/16t' | '1/16' | '1/8t' | '1/16d' | '1/8' | '1/4t' | '1/8d' | '1/4' | '1/2t' | '1/4d' | '1/2' | '1/2d' | '1/1' | number;
}

/** Parameters of limiter: Look-ahead true-peak limiter on the master; 0.1 dB below the ceiling it changes no bit. */
export interface LimiterParams {
  /** The highest true peak (between samples too) that can leave the engine, relative to full scale. -20 to 0 dB; -1 at start. */
  readonly 'ceiling': number;
  /** Time constant of the return to full level. It begins after 0.4 of it, at most 25 ms, without a peak. 0.01 to 1 s; 0.05 at start. */
  readonly 'release': number;
}

/** Parameters of lfo: Modulator with eight shapes, depth, offset and a target; depth 0 changes nothing. */
export interface LfoParams {
  /** Cycles per second. 0.01 to 10 Hz; 0.25 at start. */
  readonly 'rate': number;
  /** How far the target is moved; 0 = not at all. 0 to 1; 0 at start. */
  readonly 'depth': number;
  /** Form of the movement. 0 to 7, whole; sine at start. */
  readonly 'shape': 'sine' | 'triangle' | 'saw_up' | 'saw_down' | 'square' | 'pulse' | 'sample_hold' | 'smooth_random' | number;
  /** Added to the shape before depth. -1 to 1; 0 at start. */
  readonly 'offset': number;
  /** What it moves, as '<module>/<parameter>' (voice2/filter/freq), or 'none'. A name, as voice1/filter/freq, or none. */
  readonly 'target': string;
}

/** Parameters of recorder: Session recorder: streams the master to stereo WAV files (16, 24 or 32 bit), any number of takes side by side. */
export interface RecorderParams {
  /** The take with the id main: 1 starts it under an automatic name, 0 stops it. 0 to 1, whole; 0 at start. */
  readonly 'recording': number | boolean;
}

export interface ChaosThrowOptions {
  /** Which slot it happens to. Default active. */
  readonly slot?: 'active' | 'standby' | 'spare' | 'a' | 'b' | 'c';
  /** In which block; without it in the next one. 0 to 2147483647. */
  readonly block?: number;
}

export interface ChaosHangOptions {
  /** Which slot it happens to. Default active. */
  readonly slot?: 'active' | 'standby' | 'spare' | 'a' | 'b' | 'c';
  /** In which block; without it in the next one. 0 to 2147483647. */
  readonly block?: number;
}

export interface ChaosExitOptions {
  /** Which slot it happens to. Default active. */
  readonly slot?: 'active' | 'standby' | 'spare' | 'a' | 'b' | 'c';
  /** In which block; without it in the next one. 0 to 2147483647. */
  readonly block?: number;
}

export interface ChaosOomOptions {
  /** Which slot it happens to. Default active. */
  readonly slot?: 'active' | 'standby' | 'spare' | 'a' | 'b' | 'c';
  /** In which block; without it in the next one. 0 to 2147483647. */
  readonly block?: number;
}

export interface ChaosTerminateOptions {
  /** Which slot it happens to. Default active. */
  readonly slot?: 'active' | 'standby' | 'spare' | 'a' | 'b' | 'c';
  /** In which block; without it in the next one. 0 to 2147483647. */
  readonly block?: number;
}

export interface ChaosStallOptions {
  /** How long, in milliseconds. 1 to 10000, default 50. */
  readonly ms?: number;
  /** Which slot it happens to. Default active. */
  readonly slot?: 'active' | 'standby' | 'spare' | 'a' | 'b' | 'c';
  /** In which block; without it in the next one. 0 to 2147483647. */
  readonly block?: number;
}

export interface SeqAddOptions {
  /** now (or left out): at once, or at the time tag of the bundle; step: with the next step; bar: with the next bar. */
  readonly at?: 'now' | 'step' | 'bar';
  /** 20..5000 Hz. */
  readonly base_freq?: number;
  /** 0..1. */
  readonly base_amp?: number;
  /** 50..8000 Hz. */
  readonly filter_freq?: number;
  /** -8000..8000 Hz. */
  readonly accent_boost?: number;
  /** 0..1. */
  readonly reverb_send?: number;
  /** 0..1. */
  readonly delay_send?: number;
  /** 0.01..64 steps. */
  readonly gate_frac?: number;
  /** Which note comes next, from 0. */
  readonly note_index?: number;
  /** Names (C4), MIDI numbers or Hz; one list, or one text. */
  readonly notes?: Value | readonly Value[];
  /** Steps after which it begins again; 0: as long as its pattern. */
  readonly length?: number;
  /** Length of its steps in sixteenths, 1/64 to 64: 2, '1/2', '4/3'. */
  readonly division?: number | string;
  /** Goes on unheard. */
  readonly mute?: boolean;
  /** Only tracks that are solo sound. */
  readonly solo?: boolean;
}

export interface SeqSetOptions {
  /** now (or left out): at once, or at the time tag of the bundle; step: with the next step; bar: with the next bar. */
  readonly at?: 'now' | 'step' | 'bar';
  /** 20..5000 Hz. */
  readonly base_freq?: number;
  /** 0..1. */
  readonly base_amp?: number;
  /** 50..8000 Hz. */
  readonly filter_freq?: number;
  /** -8000..8000 Hz. */
  readonly accent_boost?: number;
  /** 0..1. */
  readonly reverb_send?: number;
  /** 0..1. */
  readonly delay_send?: number;
  /** 0.01..64 steps. */
  readonly gate_frac?: number;
  /** Which note comes next, from 0. */
  readonly note_index?: number;
  /** Names (C4), MIDI numbers or Hz; one list, or one text. */
  readonly notes?: Value | readonly Value[];
  /** Steps after which it begins again; 0: as long as its pattern. */
  readonly length?: number;
  /** Length of its steps in sixteenths, 1/64 to 64: 2, '1/2', '4/3'. */
  readonly division?: number | string;
  /** Goes on unheard. */
  readonly mute?: boolean;
  /** Only tracks that are solo sound. */
  readonly solo?: boolean;
  /** X accent, x hit, . rest, _ tie; x?50, x*3, x(3,8). */
  readonly pattern?: string;
  /** voice1, voice2, ... */
  readonly voice?: string | number;
}

export interface AtOption {
  /** now (or left out): at once, or at the time tag of the bundle; step: with the next step; bar: with the next bar. */
  readonly at?: 'now' | 'step' | 'bar';
}

export interface SeqUnlockOptions {
  /** Left out: every step. 0 to 255. */
  readonly step?: number;
  /** Left out: every parameter. */
  readonly param?: string;
  /** now (or left out): at once, or at the time tag of the bundle; step: with the next step; bar: with the next bar. */
  readonly at?: 'now' | 'step' | 'bar';
}

export interface SeqConfigOptions {
  /** Its length. 1 to 256, default 16. */
  readonly steps?: number;
  /** Steps per beat. 0.25 to 16, default 4. */
  readonly division?: number;
}

export interface RecordStartOptions {
  /** Seconds, from the start on; left out: until record.stop. */
  readonly dur?: number;
  /** Seconds that were played before, up to 60. */
  readonly preroll?: number;
  /** wav, 24 bits. */
  readonly format?: 'wav';
  /** A word for record.stop; main when left out. */
  readonly id?: string;
}

export interface NoteOptions {
  /** 0 to 1; above 1 it is a MIDI velocity. 1 is an accent; 0 ends the note, with poly the oldest of that pitch. 0 to 127, default 0.8. */
  readonly velocity?: number;
  /** Length at the tempo of the sequencer, which need not run; 0: until /gate closes it. 0 to 4096, default 1. */
  readonly beats?: string | number;
}

/** /engine/... */
export class EngineRoutes extends Routes {
  /** Switches the sound on. */
  start(): Command;
  start(...given: readonly unknown[]): Command {
    return this.port.command({ address: '/engine/start', places: [], positional: 0 }, given);
  }

  /** Switches the sound off; stops the sequencer and every recording as well. */
  stop(): Command;
  stop(...given: readonly unknown[]): Command {
    return this.port.command({ address: '/engine/stop', places: [], positional: 0 }, given);
  }

  /**
   * State of the engine.
   * @returns Audio, frame, rate, voices, slots, the last promotion, what is bypassed and why, recent faults, sequencer, recordings and the counters of the control plane.
   */
  status<T = unknown>(): Answer<T>;
  status<T = unknown>(...given: readonly unknown[]): Answer<T> {
    return this.port.ask({ address: '/engine/status', places: [], positional: 0 }, given) as Answer<T>;
  }

  /**
   * The modules and their present values.
   * @returns Module id -> parameter -> value.
   */
  list<T = unknown>(): Answer<T>;
  list<T = unknown>(...given: readonly unknown[]): Answer<T> {
    return this.port.ask({ address: '/engine/list', places: [], positional: 0 }, given) as Answer<T>;
  }

  /**
   * Describes every module, parameter, gate and route.
   * @param format json or stdout: answer it; file: write chronus_schema_YYYYMMDD_HHMMSS.json and answer its path. Default json.
   * @returns The schema, or the path of the file.
   */
  schema<T = unknown>(format?: 'stdout' | 'json' | 'file'): Answer<T>;
  schema<T = unknown>(...given: readonly unknown[]): Answer<T> {
    return this.port.ask({ address: '/engine/schema', places: ['format'], positional: 1 }, given) as Answer<T>;
  }

  /** Closes every voice in 5 ms and stops the sequencer. */
  panic(): Command;
  panic(...given: readonly unknown[]): Command {
    return this.port.command({ address: '/engine/panic', places: [], positional: 0 }, given);
  }

  /**
   * Takes a module out of the signal, or back in; voices go in fours. A module that has failed is bypassed by itself, and after its second failure stays so.
   * @param module Its id: reverb1, voice3 (with the three beside it), ...
   * @param bypassed 1: bypassed; 0: switched on again, with empty memory; left out: only asks.
   * @returns module, bypassed, strikes (how often it has failed), stays (it cannot be switched on again).
   */
  bypass<T = unknown>(module: string, bypassed?: boolean): Answer<T>;
  bypass<T = unknown>(...given: readonly unknown[]): Answer<T> {
    return this.port.ask({ address: '/engine/bypass', places: ['module', 'bypassed'], positional: 2 }, given) as Answer<T>;
  }
}

/** /chaos/... */
export class ChaosRoutes extends Routes {
  /** Lets a render worker throw. Only in an engine that was started with --chaos. */
  throw(options?: ChaosThrowOptions): Command;
  throw(...given: readonly unknown[]): Command {
    return this.port.command({ address: '/chaos/throw', places: ['slot', 'block'], positional: 0 }, given);
  }

  /** Lets a render worker loop for ever. Only in an engine that was started with --chaos. */
  hang(options?: ChaosHangOptions): Command;
  hang(...given: readonly unknown[]): Command {
    return this.port.command({ address: '/chaos/hang', places: ['slot', 'block'], positional: 0 }, given);
  }

  /** Lets a render worker end. Only in an engine that was started with --chaos. */
  exit(options?: ChaosExitOptions): Command;
  exit(...given: readonly unknown[]): Command {
    return this.port.command({ address: '/chaos/exit', places: ['slot', 'block'], positional: 0 }, given);
  }

  /** Lets a render worker run out of memory. Only in an engine that was started with --chaos. */
  oom(options?: ChaosOomOptions): Command;
  oom(...given: readonly unknown[]): Command {
    return this.port.command({ address: '/chaos/oom', places: ['slot', 'block'], positional: 0 }, given);
  }

  /** Ends a render worker at any moment. Only in an engine that was started with --chaos. */
  terminate(options?: ChaosTerminateOptions): Command;
  terminate(...given: readonly unknown[]): Command {
    return this.port.command({ address: '/chaos/terminate', places: ['slot', 'block'], positional: 0 }, given);
  }

  /** Lets a render worker stand still for a while. Only in an engine that was started with --chaos. */
  stall(options?: ChaosStallOptions): Command;
  stall(...given: readonly unknown[]): Command {
    return this.port.command({ address: '/chaos/stall', places: ['ms', 'slot', 'block'], positional: 0 }, given);
  }

  /**
   * Lets a module trap when it works next, whichever slot it is in. Only in an engine that was started with --chaos.
   * @param module Its id.
   * @param how always: also when it is switched on again; hang: it never returns instead. Default once.
   */
  trap(module: string, how?: 'once' | 'always' | 'hang'): Command;
  trap(...given: readonly unknown[]): Command {
    return this.port.command({ address: '/chaos/trap', places: ['module', 'how'], positional: 2 }, given);
  }

  /**
   * Puts NaN into the filter of a voice. Only in an engine that was started with --chaos.
   * @param voice Its number. 1 to 256.
   */
  nan(voice: number): Command;
  nan(...given: readonly unknown[]): Command {
    return this.port.command({ address: '/chaos/nan', places: ['voice'], positional: 1 }, given);
  }

  /** Sends a command that kills every slot that applies it. Only in an engine that was started with --chaos. */
  poison(): Command;
  poison(...given: readonly unknown[]): Command {
    return this.port.command({ address: '/chaos/poison', places: [], positional: 0 }, given);
  }
}

/** /seq/... */
export class SeqRoutes extends Routes {
  /**
   * Adds a track, or replaces the track of that id. Positional after the pattern: base Hz, filter Hz, notes; or key=value: base_freq, filter_freq, notes, base_amp, accent_boost, reverb_send, delay_send, gate_frac, note_index, length, division, mute, solo.
   * @param track Id of the track.
   * @param voice voice1, voice2, ...; a track on a voice the engine lacks is mute.
   * @param pattern X accent (velocity 1), x hit (0.6), . rest, _ tie; x?50 chance in per cent, x*3 ratchet, x(3,8) or x(3,8,2) Euclid.
   */
  add(track: string | number, voice: string | number, pattern: string | number, options?: SeqAddOptions): Command;
  add(...given: readonly unknown[]): Command {
    return this.port.command({ address: '/seq/add', places: ['track', 'voice', 'pattern'], positional: 3 }, given);
  }

  /**
   * Changes what is named of a track and leaves the rest: the keys of /seq/add, and pattern and voice.
   * @param track Id of the track.
   */
  set(track: string | number, options?: SeqSetOptions): Command;
  set(...given: readonly unknown[]): Command {
    return this.port.command({ address: '/seq/set', places: ['track'], positional: 1 }, given);
  }

  /**
   * Removes a track and ends its note; an unknown id does nothing.
   * @param track Id of the track.
   */
  remove(track: string | number, options?: AtOption): Command;
  remove(...given: readonly unknown[]): Command {
    return this.port.command({ address: '/seq/remove', places: ['track'], positional: 1 }, given);
  }

  /** Removes all tracks and closes their notes. */
  clear(options?: AtOption): Command;
  clear(...given: readonly unknown[]): Command {
    return this.port.command({ address: '/seq/clear', places: [], positional: 0 }, given);
  }

  /**
   * Starts at step 0, which plays at once; while running it does nothing. With a track: takes its mute away, and starts when nothing runs.
   * @param track Id of the track.
   */
  start(track?: string | number): Command;
  start(...given: readonly unknown[]): Command {
    return this.port.command({ address: '/seq/start', places: ['track'], positional: 1 }, given);
  }

  /**
   * Stops, and closes every voice in 5 ms, also while the sequencer stands. With a track: mutes it.
   * @param track Id of the track.
   */
  stop(track?: string | number): Command;
  stop(...given: readonly unknown[]): Command {
    return this.port.command({ address: '/seq/stop', places: ['track'], positional: 1 }, given);
  }

  /** Asks for the tempo; during a ramp the one it leads to. */
  bpm(): Answer<number>;
  /**
   * Tempo, kept to a thousandth.
   * @param bpm Beats (four steps) per minute. 30 to 300 BPM, default 120.
   */
  bpm(bpm: number, options?: AtOption): Command;
  /**
   * Gives one track a tempo of its own, as a division that stays when the tempo changes.
   * @param track Id of the track.
   * @param bpm Of this track. 30 to 300 BPM, default 120.
   */
  bpm(track: string | number, bpm: number, options?: AtOption): Command;
  bpm(...given: readonly unknown[]): Answer<number> | Command {
    const shape = { address: '/seq/bpm', places: ['track', 'bpm'], positional: 2 };
    return given.length === 0 ? (this.port.ask(shape, given) as Answer<number>) : this.port.command(shape, given);
  }

  /**
   * Leads the tempo to another in a straight line in time.
   * @param bpm Where it leads. 30 to 300 BPM, default 120.
   * @param beats How many beats (four steps) it takes. 0.001 to 4096, default 16.
   */
  ramp(bpm: number, beats?: number, options?: AtOption): Command;
  /**
   * Leads the tempo to another in a straight line in time.
   * @param bpm Where it leads. 30 to 300 BPM, default 120.
   * @param beats How many beats (four steps) it takes. 0.001 to 4096, default 16.
   */
  ramp(bpm: number, options?: AtOption): Command;
  ramp(...given: readonly unknown[]): Command {
    return this.port.command({ address: '/seq/ramp', places: ['bpm', 'beats'], positional: 2 }, given);
  }

  /**
   * Tap tempo: from the second tap on the tempo is that of the last taps (up to eight, none further apart than 2 s).
   * @returns The tempo in BPM; null after the first tap.
   */
  tap<T = unknown>(): Answer<T>;
  tap<T = unknown>(...given: readonly unknown[]): Answer<T> {
    return this.port.ask({ address: '/seq/tap', places: [], positional: 0 }, given) as Answer<T>;
  }

  /**
   * Shifts everything that is to come against other players, without a change of tempo.
   * @param ms Later by so many milliseconds; below 0: earlier. -250 to 250.
   */
  nudge(ms: number): Command;
  nudge(...given: readonly unknown[]): Command {
    return this.port.command({ address: '/seq/nudge', places: ['ms'], positional: 1 }, given);
  }

  /** Asks for the swing. */
  swing(): Answer<number>;
  /**
   * Delays every second step; the tempo stays.
   * @param amount Delay in halves of a step: 0.6 = 0.3 step. 0 to 0.6, default 0.
   */
  swing(amount: number, options?: AtOption): Command;
  swing(...given: readonly unknown[]): Answer<number> | Command {
    const shape = { address: '/seq/swing', places: ['amount'], positional: 1 };
    return given.length === 0 ? (this.port.ask(shape, given) as Answer<number>) : this.port.command(shape, given);
  }

  /**
   * Silences a track; it goes on in its steps and notes, unheard.
   * @param track Id of the track.
   * @param on 1 (or left out): on; 0: off.
   */
  mute(track: string | number, on?: boolean, options?: AtOption): Command;
  /**
   * Silences a track; it goes on in its steps and notes, unheard.
   * @param track Id of the track.
   * @param on 1 (or left out): on; 0: off.
   */
  mute(track: string | number, options?: AtOption): Command;
  mute(...given: readonly unknown[]): Command {
    return this.port.command({ address: '/seq/mute', places: ['track', 'on'], positional: 2 }, given);
  }

  /**
   * While any track is solo, only those that are sound.
   * @param track Id of the track.
   * @param on 1 (or left out): on; 0: off.
   */
  solo(track: string | number, on?: boolean, options?: AtOption): Command;
  /**
   * While any track is solo, only those that are sound.
   * @param track Id of the track.
   * @param on 1 (or left out): on; 0: off.
   */
  solo(track: string | number, options?: AtOption): Command;
  solo(...given: readonly unknown[]): Command {
    return this.port.command({ address: '/seq/solo', places: ['track', 'on'], positional: 2 }, given);
  }

  /**
   * Steps after which a track begins again: what the pattern lacks rests, what it has too much is not played.
   * @param track Id of the track.
   * @param steps 0: as long as its pattern. 0 to 256, default 0.
   */
  length(track: string | number, steps?: number, options?: AtOption): Command;
  /**
   * Steps after which a track begins again: what the pattern lacks rests, what it has too much is not played.
   * @param track Id of the track.
   * @param steps 0: as long as its pattern. 0 to 256, default 0.
   */
  length(track: string | number, options?: AtOption): Command;
  length(...given: readonly unknown[]): Command {
    return this.port.command({ address: '/seq/length', places: ['track', 'steps'], positional: 2 }, given);
  }

  /**
   * Length of the steps of a track, in sixteenths: 2 plays eighths, 1/2 thirty-seconds, 4/3 a third of a quarter.
   * @param track Id of the track.
   * @param division A number or a fraction as text, 1/64 to 64. Default 1.
   */
  division(track: string | number, division?: string | number, options?: AtOption): Command;
  /**
   * Length of the steps of a track, in sixteenths: 2 plays eighths, 1/2 thirty-seconds, 4/3 a third of a quarter.
   * @param track Id of the track.
   * @param division A number or a fraction as text, 1/64 to 64. Default 1.
   */
  division(track: string | number, options?: AtOption): Command;
  division(...given: readonly unknown[]): Command {
    return this.port.command({ address: '/seq/division', places: ['track', 'division'], positional: 2 }, given);
  }

  /**
   * Locks a parameter for one step of a track. It holds until the next step that hits or has locks of its own; then what was before comes back.
   * @param track Id of the track.
   * @param step From 0, as in /seq/step. 0 to 255.
   * @param param filter/freq, pan, ... of the voice of the track; delay1/mix, ... of a module; velocity or gate_frac of the hit.
   * @param value As the parameter takes it.
   */
  lock(track: string | number, step: number, param: string, value: string | number, options?: AtOption): Command;
  lock(...given: readonly unknown[]): Command {
    return this.port.command({ address: '/seq/lock', places: ['track', 'step', 'param', 'value'], positional: 4 }, given);
  }

  /**
   * Takes locks of a track away: all, those of a step, or one.
   * @param track Id of the track.
   */
  unlock(track: string | number, options?: SeqUnlockOptions): Command;
  unlock(...given: readonly unknown[]): Command {
    return this.port.command({ address: '/seq/unlock', places: ['track', 'step', 'param'], positional: 1 }, given);
  }

  /**
   * Begins a track anew at the next step: its pattern and its notes. Without a track: all of them.
   * @param track Id of the track.
   */
  reset(track?: string | number): Command;
  reset(...given: readonly unknown[]): Command {
    return this.port.command({ address: '/seq/reset', places: ['track'], positional: 1 }, given);
  }

  /**
   * What chance in patterns (x?50) draws from: the same seed, the same music from there on.
   * @param seed Any whole number. 0 to 2147483647.
   */
  seed(seed: number, options?: AtOption): Command;
  seed(...given: readonly unknown[]): Command {
    return this.port.command({ address: '/seq/seed', places: ['seed'], positional: 1 }, given);
  }

  /**
   * Gives a track another pattern; an unknown id does nothing.
   * @param track Id of the track.
   * @param pattern X accent (velocity 1), x hit (0.6), . rest, _ tie; x?50 chance in per cent, x*3 ratchet, x(3,8) or x(3,8,2) Euclid.
   */
  updatePattern(track: string | number, pattern: string | number, options?: AtOption): Command;
  updatePattern(...given: readonly unknown[]): Command {
    return this.port.command({ address: '/seq/update/pattern', places: ['track', 'pattern'], positional: 2 }, given);
  }

  /**
   * Gives a track another note list, from its first note; an unknown id does nothing.
   * @param track Id of the track.
   * @param notes Names (C4 = 60), MIDI numbers or Hz, separated by blanks or commas, or as numbers; an empty text: none.
   */
  updateNotes(track: string | number, notes: Value | readonly Value[], options?: AtOption): Command;
  updateNotes(...given: readonly unknown[]): Command {
    return this.port.command({ address: '/seq/update/notes', places: ['track', 'notes'], positional: 2 }, given);
  }

  /**
   * State of the sequencer.
   * @returns bpm, the tempo at this moment, swing, running, step and the tracks.
   */
  status<T = unknown>(): Answer<T>;
  status<T = unknown>(...given: readonly unknown[]): Answer<T> {
    return this.port.ask({ address: '/seq/status', places: [], positional: 0 }, given) as Answer<T>;
  }

  /**
   * Adds a track of 16 rests without a voice: /seq/assign gives it one. One that is there stays as it is.
   * @param track Id of the track.
   */
  create(track: string | number): Command;
  create(...given: readonly unknown[]): Command {
    return this.port.command({ address: '/seq/create', places: ['track'], positional: 1 }, given);
  }

  /**
   * Sets tempo, length and steps per beat of a track. The tempo becomes a division of the present one.
   * @param track Id of the track.
   * @param bpm Tempo of this track. 30 to 300 BPM, default 120.
   */
  config(track: string | number, bpm: number, options?: SeqConfigOptions): Command;
  config(...given: readonly unknown[]): Command {
    return this.port.command({ address: '/seq/config', places: ['track', 'bpm', 'steps', 'division'], positional: 2 }, given);
  }

  /**
   * Keeps a lane of values, one a step, for a track until /seq/assign names its parameter.
   * @param track Id of the track.
   * @param lane Name of the lane.
   * @param values Numbers; they go round when the track is longer.
   */
  paramLane(track: string | number, lane: string, values: Value | readonly Value[]): Command;
  paramLane(...given: readonly unknown[]): Command {
    return this.port.command({ address: '/seq/param_lane', places: ['track', 'lane', 'values'], positional: 3 }, given);
  }

  /**
   * Gives a track its voice: /seq/assign lead gate voice3; or makes a lane its locks: lead param cutoff filter1 cutoff.
   * @param track Id of the track.
   * @param what gate or param.
   * @param rest gate: the module. param: the lane, the module, the parameter.
   */
  assign(track: string | number, what: 'gate' | 'param', rest: Value | readonly Value[]): Command;
  assign(...given: readonly unknown[]): Command {
    return this.port.command({ address: '/seq/assign', places: ['track', 'what', 'rest'], positional: 3 }, given);
  }

  /**
   * Length of the notes of a track, in steps.
   * @param track Id of the track.
   * @param fraction As gate_frac. 0.01 to 64.
   */
  gateLen(track: string | number, fraction: number): Command;
  gateLen(...given: readonly unknown[]): Command {
    return this.port.command({ address: '/seq/gate_len', places: ['track', 'fraction'], positional: 2 }, given);
  }
}

/** /pattern/... */
export class PatternRoutes extends Routes {
  /**
   * Loads a slot file whole: at the next bar, or at once when the sequencer stands or `immediate` is given.
   * @param slot Number of the slot file. 1 to 128.
   * @param when 1, true, immediate or now: at once; anything else: at the bar.
   * @returns slot, name, when it acts, and what had to be mended in the file.
   */
  load<T = unknown>(slot: number, when?: string | number): Answer<T>;
  load<T = unknown>(...given: readonly unknown[]): Answer<T> {
    return this.port.ask({ address: '/pattern/load', places: ['slot', 'when'], positional: 2 }, given) as Answer<T>;
  }

  /**
   * Takes back the last load: parameters, tracks, tempo, swing and running are again what they were right before it acted. A load that still waits for its bar is dropped. Sent again, it takes the undo back.
   * @param when 1, true, immediate or now: at once; anything else: at the bar.
   * @returns at: now, bar, or dropped for a load that had not acted yet.
   */
  undo<T = unknown>(when?: string | number): Answer<T>;
  undo<T = unknown>(...given: readonly unknown[]): Answer<T> {
    return this.port.ask({ address: '/pattern/undo', places: ['when'], positional: 1 }, given) as Answer<T>;
  }

  /**
   * Saves all parameters, tracks and the tempo; the file that was there is kept as a backup. Without a name the slot keeps the one it has.
   * @param slot Number of the slot file. 1 to 128.
   * @param name A name for people, up to 128 characters.
   * @returns slot, path and the backup.
   */
  save<T = unknown>(slot: number, name?: Value | readonly Value[]): Answer<T>;
  save<T = unknown>(...given: readonly unknown[]): Answer<T> {
    return this.port.ask({ address: '/pattern/save', places: ['slot', 'name'], positional: 2 }, given) as Answer<T>;
  }

  /**
   * The slot files there are.
   * @returns A list of slot, path, time of the last change (modified in Unix milliseconds, time as text), bytes, name, bpm and number of tracks; problem for a file that cannot be read.
   */
  list<T = unknown>(): Answer<T>;
  list<T = unknown>(...given: readonly unknown[]): Answer<T> {
    return this.port.ask({ address: '/pattern/list', places: [], positional: 0 }, given) as Answer<T>;
  }

  /**
   * Copies a slot file into another slot; what that one held is kept as a backup.
   * @param from The slot to copy. 1 to 128.
   * @param to The slot to copy into. 1 to 128.
   * @returns from, slot, path and the backup.
   */
  copy<T = unknown>(from: number, to: number): Answer<T>;
  copy<T = unknown>(...given: readonly unknown[]): Answer<T> {
    return this.port.ask({ address: '/pattern/copy', places: ['from', 'to'], positional: 2 }, given) as Answer<T>;
  }

  /**
   * Gives a slot a name. An empty one takes the name away.
   * @param slot Number of the slot file. 1 to 128.
   * @param name A name for people, up to 128 characters.
   * @returns slot, name, path and the backup.
   */
  name<T = unknown>(slot: number, name: Value | readonly Value[]): Answer<T>;
  name<T = unknown>(...given: readonly unknown[]): Answer<T> {
    return this.port.ask({ address: '/pattern/name', places: ['slot', 'name'], positional: 2 }, given) as Answer<T>;
  }

  /**
   * Brings a backup back into its slot; what the slot held becomes a backup, so a second restore brings that back.
   * @param slot Number of the slot file. 1 to 128.
   * @param backup Its number in /pattern/backups (1 is the newest) or its file name; left out: the newest good one.
   * @returns slot, name, path, which backup was restored, and the new backup.
   */
  restore<T = unknown>(slot: number, backup?: string | number): Answer<T>;
  restore<T = unknown>(...given: readonly unknown[]): Answer<T> {
    return this.port.ask({ address: '/pattern/restore', places: ['slot', 'backup'], positional: 2 }, given) as Answer<T>;
  }

  /**
   * The backups of a slot, newest first. The newest 20 are kept, and the newest good one in any case.
   * @param slot Number of the slot file. 1 to 128.
   * @returns A list of slot, backup (file name), kept (when it was put away, as text) and what /pattern/list says of a file.
   */
  backups<T = unknown>(slot: number): Answer<T>;
  backups<T = unknown>(...given: readonly unknown[]): Answer<T> {
    return this.port.ask({ address: '/pattern/backups', places: ['slot'], positional: 1 }, given) as Answer<T>;
  }

  /**
   * Frees a slot; its file becomes a backup, which /pattern/restore brings back.
   * @param slot Number of the slot file. 1 to 128.
   * @returns slot, path and the backup.
   */
  delete<T = unknown>(slot: number): Answer<T>;
  delete<T = unknown>(...given: readonly unknown[]): Answer<T> {
    return this.port.ask({ address: '/pattern/delete', places: ['slot'], positional: 1 }, given) as Answer<T>;
  }
}

/** /record/... */
export class RecordRoutes extends Routes {
  /**
   * Starts a take; it begins with the block that is played next, whatever the disk is doing.
   * @param words One word: name. Two: name and format when the second is a format, else id and name. Then dur=SECONDS preroll=SECONDS (what was played before) format=wav|wav16|wav24|wav32f bits=16|24|32 id=WORD style=session|recording|chronus|project project=NAME (for automatic names).
   * @returns id, path, format, sample, bits, sampleRate, startFrame, prerollSeconds and, where given, durationSeconds.
   */
  start<T = unknown>(words?: Value | readonly Value[], options?: RecordStartOptions): Answer<T>;
  /**
   * Starts a take; it begins with the block that is played next, whatever the disk is doing.
   * @param words One word: name. Two: name and format when the second is a format, else id and name. Then dur=SECONDS preroll=SECONDS (what was played before) format=wav|wav16|wav24|wav32f bits=16|24|32 id=WORD style=session|recording|chronus|project project=NAME (for automatic names).
   * @returns id, path, format, sample, bits, sampleRate, startFrame, prerollSeconds and, where given, durationSeconds.
   */
  start<T = unknown>(options?: RecordStartOptions): Answer<T>;
  start<T = unknown>(...given: readonly unknown[]): Answer<T> {
    return this.port.ask({ address: '/record/start', places: ['words'], positional: 1 }, given) as Answer<T>;
  }

  /**
   * Ends a take at the block that is being played; the file is complete and read back when the reply comes.
   * @param id Which take; all: every one of them. Default main.
   * @returns id, path, sample, startFrame, frames, seconds, bytes, verified, peakDb, rmsDb, truePeakDbtp, integratedLufs, rangeLu, maxMomentaryLufs, maxShortTermLufs, clippedSamples, lateBlocks, lostBlocks, mostBehindBlocks, hash, hashes (of each second, up to four minutes); for all: takes, a list of these.
   */
  stop<T = unknown>(id?: string | number): Answer<T>;
  stop<T = unknown>(...given: readonly unknown[]): Answer<T> {
    return this.port.ask({ address: '/record/stop', places: ['id'], positional: 1 }, given) as Answer<T>;
  }

  /**
   * Saves what has just been played, although nobody had pressed record.
   * @param words Seconds (default: all that is kept), name, format; then format= bits= style= project= as for a start.
   * @returns id, path, sample, startFrame, frames, seconds, bytes, verified, peakDb, rmsDb, truePeakDbtp, integratedLufs, rangeLu, maxMomentaryLufs, maxShortTermLufs, clippedSamples, lateBlocks, lostBlocks, mostBehindBlocks, hash, hashes (of each second, up to four minutes).
   */
  keep<T = unknown>(words?: Value | readonly Value[]): Answer<T>;
  keep<T = unknown>(...given: readonly unknown[]): Answer<T> {
    return this.port.ask({ address: '/record/keep', places: ['words'], positional: 1 }, given) as Answer<T>;
  }

  /**
   * A cue point with this name at this moment, in every take that runs (or id=WORD).
   * @param words The name; id=WORD for one take only.
   * @returns text, frame, takes (id, seconds).
   */
  mark<T = unknown>(words?: Value | readonly Value[]): Answer<T>;
  mark<T = unknown>(...given: readonly unknown[]): Answer<T> {
    return this.port.ask({ address: '/record/mark', places: ['words'], positional: 1 }, given) as Answer<T>;
  }

  /**
   * The takes that run and the last ones that ended.
   * @param id One take only.
   * @returns recording, takes (id, state, path, sample, seconds, bytes, lostBlocks, blocks, waitingBlocks), ended, folder, lookBackSeconds, memoryBytes.
   */
  status<T = unknown>(id?: string | number): Answer<T>;
  status<T = unknown>(...given: readonly unknown[]): Answer<T> {
    return this.port.ask({ address: '/record/status', places: ['id'], positional: 1 }, given) as Answer<T>;
  }

  /**
   * The takes that run and those in the folder, newest first, with length and loudness.
   * @returns active, takes (file, started, seconds, sampleRate, sample, bytes, peakDb, truePeakDbtp, integratedLufs, rangeLu, lostBlocks, verified, unfinished, recovered, run), total, folder.
   */
  list<T = unknown>(): Answer<T>;
  list<T = unknown>(...given: readonly unknown[]): Answer<T> {
    return this.port.ask({ address: '/record/list', places: [], positional: 0 }, given) as Answer<T>;
  }
}

/** Everything an engine has. */
export class Api {
  readonly engine: EngineRoutes;
  readonly chaos: ChaosRoutes;
  readonly seq: SeqRoutes;
  readonly pattern: PatternRoutes;
  readonly record: RecordRoutes;
  /** Four-pole ladder low-pass with drive, envelope and accent, in place of the low-pass of one voice. */
  readonly acid: GatedModule<AcidParams>;
  /** Saturation of the mixed voices, oversampled; the dry path is delayed to match. */
  readonly distortion: Module<DistortionParams>;
  /** Stereo reverb fed by the reverb sends; returns wet signal only. */
  readonly reverb: Module<ReverbParams>;
  /** Filtered feedback delay fed by the delay sends; returns wet signal only. */
  readonly delay: Module<DelayParams>;
  /** Look-ahead true-peak limiter on the master; 0.1 dB below the ceiling it changes no bit. */
  readonly limiter: Module<LimiterParams>;
  /** Session recorder: streams the master to stereo WAV files (16, 24 or 32 bit), any number of takes side by side. */
  readonly recorder: Module<RecorderParams>;

  constructor(protected readonly port: Port) {
    this.engine = new EngineRoutes(port);
    this.chaos = new ChaosRoutes(port);
    this.seq = new SeqRoutes(port);
    this.pattern = new PatternRoutes(port);
    this.record = new RecordRoutes(port);
    this.acid = new GatedModule<AcidParams>(port, 'acid1');
    this.distortion = new Module<DistortionParams>(port, 'dist1');
    this.reverb = new Module<ReverbParams>(port, 'reverb1');
    this.delay = new Module<DelayParams>(port, 'delay1');
    this.limiter = new Module<LimiterParams>(port, 'limiter1');
    this.recorder = new Module<RecorderParams>(port, 'rec1');
  }

  /**
   * Oscillator with seven waveforms, portamento, pitch envelope, ADSR, resonant filter, pan and two sends.
   * @param which Its number, from 1; or a pattern for several: '*', '[1-4]'.
   */
  voice(which: number | string): GatedModule<VoiceParams> {
    return new GatedModule(this.port, `voice${which}`);
  }

  /**
   * Modulator with eight shapes, depth, offset and a target; depth 0 changes nothing.
   * @param which Its number, from 1; or a pattern for several: '*', '[1-4]'.
   */
  lfo(which: number | string): Module<LfoParams> {
    return new Module(this.port, `lfo${which}`);
  }

  /** A test tone: voice1 as a sine of 440 Hz, amp 0.3, gate open. /gate/voice1 0 ends it. */
  test(): Command;
  test(...given: readonly unknown[]): Command {
    return this.port.command({ address: '/test', places: [], positional: 0 }, given);
  }

  /**
   * Plays one note: on a voice, or on one that is free; where none is, the oldest note gives way.
   * @param voice voice3 or 3; poly: the voice that has been silent longest, of those without a track and without acid1 first.
   * @param note A name (C4), a MIDI number (60), or Hz (261.6, 440, 49hz).
   */
  note(voice: string | number, note: string | number, options?: NoteOptions): Command;
  note(...given: readonly unknown[]): Command {
    return this.port.command({ address: '/note', places: ['voice', 'note', 'velocity', 'beats'], positional: 2 }, given);
  }
}
