/**
 * Fourth step, apply: turns checked commands into log entries and keeps the mirror of what they lead to. Everything
 * that plays is changed here and nowhere else. Runs on: main thread.
 *
 * Each method appends all its entries in one call or none (E_BUSY), so that the log never holds half a change.
 *
 * A load that waits for the bar leaves the mirror as it is. When the core has committed it, the mirror takes the load
 * and then, once more, what was written to the log behind the commit: the later writer wins here as there.
 *
 *      log   ... | stage, stage, commitLoad (bar) | set a | set b |<- logEnd of the commit   set c | ...
 *      mirror                                       a       b       load, then c
 */
import { addressOf, exists, findPath, parameterAt, PARAM_NAMES } from '../registry/address.js';
import { MODULES } from '../registry/modules.js';
import { targetCode, targetText } from '../registry/target.js';
import {
  NOW,
  type ChaosFault,
  REGION_EDIT,
  REGION_LOAD,
  STAGE_WORDS,
  type Command,
  type Entry,
  type When,
} from '../shared/command.js';
import { fail, show, succeed, type Outcome, type Problem } from '../shared/outcome.js';
import { encodeLoad, encodeTrack, TRACKS, type Load, type Track } from '../shared/track.js';
import type { SlotDocument, SlotSequencer } from '../patterns/slot-document.js';
import { Mirror } from './mirror.js';

/** The command log, as the control plane writes it. */
export interface CommandSink {
  /** Writes all entries in order, or none (false) when the log has no room. */
  append(entries: readonly Entry[]): boolean;
  /** Number of entries ever written: the position behind the last one. */
  position(): number;
  /** The last load the core has committed; commands at positions below `logEnd` acted before it. */
  committedLoad(): { readonly serial: number; readonly logEnd: number } | undefined;
}

/** Who sent a command and when it acts; at once where `when` is left out. */
export interface By {
  readonly source: number;
  readonly when?: When;
}

/** As the note index of a staged track: the track goes on where it is in its note list. */
export const KEEP_NOTE_INDEX = -1;
export const DEFAULT_VELOCITY = 1;

/** What a slot file needs to know. */
export interface Snapshot {
  readonly params: ReadonlyMap<string, number | string>;
  readonly sequencer: Omit<SlotSequencer, 'globalStep'>;
}

interface Pending {
  readonly serial: number;
  readonly load: Load;
  /** What was written since, by what it changes: only the last write to each place counts. */
  readonly later: Map<string, { readonly end: number; readonly redo: (mirror: Mirror) => void }>;
}

/** A stop makes a load that waits real at once and holds even where the load would run: it is always the later one. */
const STOP = 'stop';

type Change = readonly [key: string, redo: (mirror: Mirror) => void];

const param = (type: string, name: string): number => {
  const index = MODULES.findIndex((table) => table.type === type);
  return addressOf(index, 0, PARAM_NAMES[index]?.indexOf(name) ?? -1);
};
const ACID_VOICE = param('acid', 'voice');
const ACID_ACCENT = param('acid', 'accent');

export class Session {
  readonly voices: number;
  readonly #sink: CommandSink;
  readonly #mirror: Mirror;
  #pending: Pending | undefined;
  #serial = 0;

  constructor(sink: CommandSink, voices: number) {
    this.#sink = sink;
    this.voices = voices;
    this.#mirror = new Mirror(voices);
  }

  /** `address` is one of this engine, `value` is checked. A track that gave the parameter gives it no longer. */
  setParam(address: number, value: number, by: By): Outcome<number> {
    const givers = this.#now().givers(address);
    const commands: Command[] = givers.map(({ place, fields }) => ({ kind: 'forget', track: place, fields }));
    commands.push({ kind: 'set', address, value });
    const problem = this.#write(commands, by, [
      ...givers.map(({ place, fields }): Change => [
        `forget/${place}/${fields}`,
        (mirror) => mirror.forget(place, fields),
      ]),
      [`set/${address}`, (mirror) => mirror.set(address, value)],
    ]);
    return problem ? fail(problem) : succeed(value);
  }

  /** Undefined: this engine has no such parameter. */
  getParam(address: number): number | undefined {
    return this.#now().values.get(address);
  }

  /** `voice` from 0. `accent` is for the acid filter, where that voice has it. */
  gate(voice: number, on: boolean, velocity: number, accent: number, by: By): Outcome<boolean> {
    const problem = this.#write([{ kind: 'gate', voice, on, velocity, accent }], by, []);
    return problem ? fail(problem) : succeed(on);
  }

  /** The accent a gate on that voice has: that of the acid filter, on its voice. */
  accentOf(voice: number): number {
    return this.acidVoice() === voice ? (this.getParam(ACID_ACCENT) ?? 0) : 0;
  }

  /** The voice (from 0) the acid filter stands in for; undefined: none of this engine. */
  acidVoice(): number | undefined {
    const voice = (this.getParam(ACID_VOICE) ?? 0) - 1;
    return voice >= 0 && voice < this.voices ? voice : undefined;
  }

  /** Opens or closes the voice of the acid filter, and with it the filter's envelope. */
  acidGate(on: boolean, by: By): Outcome<boolean> {
    const voice = this.acidVoice();
    if (voice === undefined)
      return succeed(on, ['acid1 stands on no voice of this engine: send /mod/acid1/voice first']);
    return this.gate(voice, on, DEFAULT_VELOCITY, this.accentOf(voice), by);
  }

  /** Adds a track, or replaces the one of that id in its place. */
  addTrack(track: Track, by: By): Outcome<Track> {
    const place = this.#now().placeOf(track.id) ?? this.#freePlace();
    return place === undefined ? fail(noPlace(track.id)) : this.#put(place, track, track, by);
  }

  /** True: it was there. */
  removeTrack(id: string, by: By): Outcome<boolean> {
    const place = this.#now().placeOf(id);
    if (place === undefined) return succeed(false);
    const problem = this.#write([{ kind: 'removeTrack', track: place }], by, [
      [`track/${place}`, (mirror) => mirror.tracks.delete(place)],
    ]);
    return problem ? fail(problem) : succeed(true);
  }

  clearTracks(by: By): Outcome<undefined> {
    return this.#simple({ kind: 'clearTracks' }, by, 'tracks', (mirror) => mirror.tracks.clear());
  }

  /** The note list goes on where it is. An unknown id changes nothing. */
  updatePattern(id: string, pattern: string, by: By): Outcome<Track | undefined> {
    return this.#update(id, by, (track) => ({ ...track, pattern }), KEEP_NOTE_INDEX);
  }

  /** From the first note on. An unknown id changes nothing. */
  updateNotes(id: string, notesHz: readonly number[], by: By): Outcome<Track | undefined> {
    return this.#update(id, by, (track) => ({ ...track, notesHz, noteIndex: 0 }));
  }

  /** Start while it runs and stop while it stands do nothing. */
  transport(running: boolean, by: By): Outcome<undefined> {
    const before = this.#now().running;
    const sequencerMayChange =
      this.#pending?.load.hasSequencer === true && this.#pending.load.running !== running;
    if (before === running && !sequencerMayChange) return succeed(undefined);
    return this.#simple({ kind: 'transport', running }, by, 'transport', (mirror) =>
      mirror.transport(running),
    );
  }

  /** Kept to a thousandth. Gives back the tempo that is set. */
  tempo(bpm: number, by: By): Outcome<number> {
    const milliBpm = Math.round(bpm * 1000);
    const done = this.#simple(
      { kind: 'tempo', milliBpm },
      by,
      'tempo',
      (mirror) => (mirror.milliBpm = milliBpm),
    );
    return done.ok ? succeed(milliBpm / 1000) : done;
  }

  swing(amount: number, by: By): Outcome<number> {
    const done = this.#simple({ kind: 'swing', amount }, by, 'swing', (mirror) => (mirror.swing = amount));
    return done.ok ? succeed(amount) : done;
  }

  panic(by: By): Outcome<undefined> {
    return this.#simple({ kind: 'panic' }, by, STOP, (mirror) => mirror.transport(false));
  }

  /** Takes a unit out of the signal, or back in; at the next block. */
  bypass(unit: number, on: boolean, by: By): Outcome<undefined> {
    const problem = this.#write([{ kind: 'bypass', unit, on, strike: false }], by, []);
    return problem ? fail(problem) : succeed(undefined);
  }

  /** A fault on purpose: see CHAOS_FAULTS. */
  chaos(fault: ChaosFault, subject: number, by: By): Outcome<undefined> {
    const problem = this.#write([{ kind: 'chaos', fault, subject }], by, []);
    return problem ? fail(problem) : succeed(undefined);
  }

  /**
   * Loads a slot file whole. It acts at the bar; at once where `immediate` or where the sequencer stands. Takes the
   * place of a load that still waits. Parameters this engine lacks are left out.
   */
  load(document: SlotDocument, immediate: boolean, by: By): Outcome<{ readonly at: 'now' | 'bar' }> {
    const load = this.#toLoad(document);
    if (load.tracks.length > TRACKS) return fail(noPlace(load.tracks[TRACKS]?.id ?? ''));
    const at = immediate || !this.#now().running ? 'now' : 'bar';
    const words = encodeLoad(load);
    const serial = this.#serial + 1;
    const entries = [
      ...stage(REGION_LOAD, words, by.source),
      entry({ kind: 'commitLoad', words: words.length, serial }, { source: by.source, when: { at } }),
    ];
    if (!this.#sink.append(entries)) return fail(busy());
    this.#serial = serial;
    this.#pending = at === 'bar' ? { serial, load, later: new Map() } : undefined;
    if (at === 'now') this.#mirror.load(load);
    return succeed({ at });
  }

  get running(): boolean {
    return this.#now().running;
  }

  /** True while a load waits for its bar. */
  get loadPending(): boolean {
    this.#now();
    return this.#pending !== undefined;
  }

  snapshot(): Snapshot {
    const { values, tracks, milliBpm, swing, running } = this.#now();
    const params = [...values].map(([address, value]): [string, number | string] => {
      const parameter = parameterAt(address);
      return [parameter?.path ?? '', parameter?.row.unit === 'target' ? targetText(value) : value];
    });
    return {
      params: new Map(params),
      sequencer: { bpm: milliBpm / 1000, swing, running, tracks: [...tracks.values()] },
    };
  }

  #toLoad({ sequencer, params }: SlotDocument): Load {
    return {
      hasSequencer: sequencer !== undefined,
      milliBpm: Math.round((sequencer?.bpm ?? 120) * 1000),
      swing: sequencer?.swing ?? 0,
      running: sequencer?.running ?? false,
      tracks: sequencer?.tracks ?? [],
      params: [...params].flatMap(([path, value]): [number, number][] => {
        const parameter = findPath(path);
        if (!parameter || !exists(parameter, this.voices)) return [];
        const code = typeof value === 'string' ? targetCode(value, this.voices) : Math.fround(value);
        return [[parameter.address, typeof code === 'number' ? code : 0]];
      }),
    };
  }

  #update(id: string, by: By, edit: (track: Track) => Track, noteIndex?: number): Outcome<Track | undefined> {
    const place = this.#now().placeOf(id);
    const before = place === undefined ? undefined : this.#mirror.tracks.get(place);
    if (place === undefined || !before) return succeed(undefined);
    const track = edit(before);
    return this.#put(place, track, noteIndex === undefined ? track : { ...track, noteIndex }, by);
  }

  /** `staged` is what goes to the core, `track` what it leads to. */
  #put(place: number, track: Track, staged: Track, by: By): Outcome<Track> {
    const words = encodeTrack(staged);
    const entries = [
      ...stage(REGION_EDIT, words, by.source),
      entry({ kind: 'commitTrack', track: place, words: words.length }, by),
    ];
    const problem = this.#append(entries, [[`track/${place}`, (mirror) => mirror.put(place, track)]]);
    return problem ? fail(problem) : succeed(track);
  }

  /** The first place that is free now and after a load that waits. */
  #freePlace(): number | undefined {
    const { tracks } = this.#mirror;
    const taken = this.#pending?.load.hasSequencer ? this.#pending.load.tracks.length : 0;
    const free = Array.from({ length: TRACKS }, (_, place) => place).filter((place) => !tracks.has(place));
    return free.find((place) => place >= taken) ?? free[0];
  }

  #simple(command: Command, by: By, key: string, redo: (mirror: Mirror) => void): Outcome<undefined> {
    const problem = this.#write([command], by, [[key, redo]]);
    return problem ? fail(problem) : succeed(undefined);
  }

  #write(commands: readonly Command[], by: By, changes: readonly Change[]): Problem | undefined {
    return this.#append(
      commands.map((command) => entry(command, by)),
      changes,
    );
  }

  #append(entries: readonly Entry[], changes: readonly Change[]): Problem | undefined {
    this.#now();
    if (!this.#sink.append(entries)) return busy();
    const end = this.#sink.position();
    for (const [key, redo] of changes) {
      redo(this.#mirror);
      this.#pending?.later.delete(key);
      if (key === 'start') this.#pending?.later.delete(STOP);
      this.#pending?.later.set(key, { end, redo });
    }
    return undefined;
  }

  /** The mirror, after what the core has committed meanwhile. */
  #now(): Mirror {
    const pending = this.#pending;
    const committed = pending && this.#sink.committedLoad();
    if (pending && committed && committed.serial >= pending.serial) {
      this.#pending = undefined;
      this.#mirror.load(pending.load);
      for (const [key, { end, redo }] of pending.later)
        if (end > committed.logEnd || key === STOP) redo(this.#mirror);
    }
    return this.#mirror;
  }
}

function entry(command: Command, { source, when = NOW }: By): Entry {
  return { command, when, source };
}

/** Content for a commit, six words to the entry. */
function stage(region: number, words: readonly number[], source: number): Entry[] {
  return Array.from({ length: Math.ceil(words.length / STAGE_WORDS) }, (_, i) => {
    const offset = i * STAGE_WORDS;
    return entry(
      { kind: 'stage', region, offset, words: words.slice(offset, offset + STAGE_WORDS) },
      { source },
    );
  });
}

function busy(): Problem {
  return {
    code: 'E_BUSY',
    got: 'a command while the command log is full',
    allowed: 'as many commands as the engine can play',
    mend: 'Nothing was changed. Send it again in a moment, and send fewer at a time.',
  };
}

function noPlace(id: string): Problem {
  return {
    code: 'E_TRACKS',
    got: `${show(id)} as one more track`,
    allowed: `${TRACKS} tracks`,
    mend: 'Nothing was changed. Remove a track with /seq/remove first.',
  };
}
