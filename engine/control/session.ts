/**
 * Fourth step, apply: turns checked commands into log entries and keeps the mirror of what they lead to. Everything
 * that plays is changed here and nowhere else. Runs on: main thread.
 *
 * Each method appends all its entries in one call or none (E_BUSY), so that the log never holds half a change.
 */
import { addressOf, exists, findPath, parameterAt, PARAM_NAMES } from '../registry/address.js';
import { MODULES } from '../registry/modules.js';
import { targetCode, targetText } from '../registry/target.js';
import { REGION_EDIT, type ChaosFault, type Command } from '../shared/command.js';
import { fail, succeed, type Outcome } from '../shared/outcome.js';
import { encodeTrack, TRACKS, type Load, type PutOptions, type Track } from '../shared/track.js';
import type { SlotDocument, SlotSequencer } from '../patterns/slot-document.js';
import { entry, noPlace, stage } from './entries.js';
import type { Mirror } from './mirror.js';
import { SessionState, START, STOP, type By, type Change, type CommandSink } from './state.js';

export type { By, CommandSink } from './state.js';

/** The track goes on where it is in its note list. */
export const KEEP_PLACE: PutOptions = { noteIndex: -1 };
export const DEFAULT_VELOCITY = 1;

/** What a slot file needs to know, parameters by address. */
export interface Capture {
  readonly values: ReadonlyMap<number, number>;
  readonly sequencer: Snapshot['sequencer'];
}

/** The same with parameters by path. */
export interface Snapshot {
  readonly params: ReadonlyMap<string, number | string>;
  readonly sequencer: Omit<SlotSequencer, 'globalStep'>;
}

const param = (type: string, name: string): number => {
  const index = MODULES.findIndex((table) => table.type === type);
  return addressOf(index, 0, PARAM_NAMES[index]?.indexOf(name) ?? -1);
};
const ACID_VOICE = param('acid', 'voice');
const ACID_ACCENT = param('acid', 'accent');

export class Session {
  readonly voices: number;
  readonly #state: SessionState;

  constructor(sink: CommandSink, voices: number) {
    this.voices = voices;
    this.#state = new SessionState(sink, voices);
  }

  /** `address` is one of this engine, `value` is checked. A track that gave the parameter gives it no longer. */
  setParam(address: number, value: number, by: By): Outcome<number> {
    const { commands, changes } = this.#setting(address, value);
    const problem = this.#state.write(commands, by, changes);
    return problem ? fail(problem) : succeed(value);
  }

  /** Sets parameters of this engine to checked values, then opens or closes voices; all of it or nothing. */
  setMany(
    values: readonly (readonly [address: number, value: number])[],
    gates: readonly Extract<Command, { kind: 'gate' }>[],
    by: By,
  ): Outcome<undefined> {
    const sets = values.map(([address, value]) => this.#setting(address, value));
    const commands = sets.flatMap((set) => set.commands);
    const problem = this.#state.write(
      [...commands, ...gates],
      by,
      sets.flatMap((set) => set.changes),
    );
    return problem ? fail(problem) : succeed(undefined);
  }

  /** Undefined: this engine has no such parameter. */
  getParam(address: number): number | undefined {
    return this.#state.now().values.get(address);
  }

  /** `voice` from 0. `accent` is for the acid filter, where that voice has it. */
  gate(voice: number, on: boolean, velocity: number, accent: number, by: By): Outcome<boolean> {
    const problem = this.#state.write([{ kind: 'gate', voice, on, velocity, accent }], by, []);
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
    const place = this.#state.meant(by.when).placeOf(track.id) ?? this.#state.freePlace();
    return place === undefined ? fail(noPlace(track.id)) : this.#put(place, track, by);
  }

  /** True: it was there. */
  removeTrack(id: string, by: By): Outcome<boolean> {
    const place = this.#state.meant(by.when).placeOf(id);
    if (place === undefined) return succeed(false);
    this.#state.keepPlace(place, by);
    const problem = this.#state.write([{ kind: 'removeTrack', track: place }], by, [
      [`track/${place}`, (mirror) => mirror.tracks.delete(place)],
    ]);
    return problem ? fail(problem) : succeed(true);
  }

  /** Those that are there now; one that comes before it acts stays. */
  clearTracks(by: By): Outcome<undefined> {
    if (by.when === undefined || by.when.at === 'now')
      return this.#simple({ kind: 'clearTracks' }, by, 'tracks', (mirror) => mirror.tracks.clear());
    const places = [...this.#state.meant(by.when).tracks.keys()];
    for (const place of places) this.#state.keepPlace(place, by);
    const problem = this.#state.write(
      places.map((track) => ({ kind: 'removeTrack', track })),
      by,
      places.map((place) => [`track/${place}`, (mirror) => mirror.tracks.delete(place)]),
    );
    return problem ? fail(problem) : succeed(undefined);
  }

  /** Changes a track by its id; `options`: what becomes of its place. Undefined: there is no such track, nothing changed. */
  editTrack(
    id: string,
    by: By,
    edit: (track: Track) => Outcome<Track>,
    options: PutOptions = KEEP_PLACE,
  ): Outcome<Track | undefined> {
    const state = this.#state.meant(by.when);
    const place = state.placeOf(id);
    const before = place === undefined ? undefined : state.tracks.get(place);
    if (place === undefined || !before) return succeed(undefined);
    const after = edit(before);
    if (!after.ok) return after;
    const done = this.#put(place, after.value, by, options);
    return done.ok ? succeed(done.value, after.warnings) : done;
  }

  /** `voice` from 0; -1: any that is free. `beats` 0: until its gate is closed. The pitch stays that of the note. */
  note(voice: number, hz: number, velocity: number, beats: number, by: By): Outcome<undefined> {
    const problem = this.#state.write([{ kind: 'note', voice, hz, velocity, beats }], by, []);
    return problem ? fail(problem) : succeed(undefined);
  }

  /**
   * Start while it runs does nothing. Stop closes every voice, also while the sequencer stands; with `release` the notes
   * of the tracks end as they do.
   */
  transport(running: boolean, by: By, release = false): Outcome<undefined> {
    if (running && this.#state.now().running && !this.#state.mayStop()) return succeed(undefined);
    const command: Command = { kind: 'transport', running, ...(release && { release }) };
    return this.#simple(command, by, running ? START : STOP, (mirror) => mirror.transport(running));
  }

  /** Kept to a thousandth; over `beats` in a straight line. Gives back the tempo that is set. */
  tempo(bpm: number, by: By, beats = 0): Outcome<number> {
    const milliBpm = Math.round(bpm * 1000);
    const command: Command = { kind: 'tempo', milliBpm, ...(beats > 0 && { beats }) };
    const done = this.#simple(command, by, 'tempo', (mirror) => (mirror.milliBpm = milliBpm));
    return done.ok ? succeed(milliBpm / 1000) : done;
  }

  /** What is to come falls later by that much; below 0: earlier. */
  nudge(seconds: number, by: By): Outcome<undefined> {
    const problem = this.#state.write([{ kind: 'nudge', micros: Math.round(seconds * 1e6) }], by, []);
    return problem ? fail(problem) : succeed(undefined);
  }

  /** What chance in patterns draws from. */
  seed(seed: number, by: By): Outcome<undefined> {
    const problem = this.#state.write([{ kind: 'seed', seed }], by, []);
    return problem ? fail(problem) : succeed(undefined);
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
    const problem = this.#state.write([{ kind: 'bypass', unit, on, strike: false }], by, []);
    return problem ? fail(problem) : succeed(undefined);
  }

  /** A fault on purpose: see CHAOS_FAULTS. */
  chaos(fault: ChaosFault, subject: number, by: By): Outcome<undefined> {
    const problem = this.#state.write([{ kind: 'chaos', fault, subject }], by, []);
    return problem ? fail(problem) : succeed(undefined);
  }

  /**
   * Loads a slot file whole. It acts at the bar; at once where `immediate` or where the sequencer stands. Takes the
   * place of a load that still waits. Parameters this engine lacks are left out.
   */
  load(document: SlotDocument, immediate: boolean, by: By): Outcome<{ readonly at: 'now' | 'bar' }> {
    const load = this.#toLoad(document);
    if (load.tracks.length > TRACKS) return fail(noPlace(load.tracks[TRACKS]?.id ?? ''));
    return this.#state.load(load, immediate, by);
  }

  /** Takes back the last load; see SessionState. */
  undo(immediate: boolean, by: By): Outcome<{ readonly at: 'now' | 'bar' | 'dropped' }> {
    return this.#state.undo(immediate, by);
  }

  /** After the core has read the log to the end: true when the load that was dropped will not act; false: it has. */
  settleDrop(): boolean {
    return this.#state.settleDrop();
  }

  /** True while a load waits for its bar. */
  get loadPending(): boolean {
    return this.#state.loadPending;
  }

  get running(): boolean {
    return this.#state.now().running;
  }

  /** What a slot file is made of; the values are those of this moment only while nothing else is called. */
  capture(): Capture {
    const { values, tracks, milliBpm, swing, running } = this.#state.now();
    return { values, sequencer: { bpm: milliBpm / 1000, swing, running, tracks: [...tracks.values()] } };
  }

  /** The same by path, to be kept. Thousands of entries: capture() is for what is asked often. */
  snapshot(): Snapshot {
    const { values, sequencer } = this.capture();
    const params = [...values].map(([address, value]): [string, number | string] => {
      const parameter = parameterAt(address);
      return [parameter?.path ?? '', parameter?.row.unit === 'target' ? targetText(value) : value];
    });
    return { params: new Map(params), sequencer };
  }

  #setting(address: number, value: number): { commands: Command[]; changes: Change[] } {
    const commands: Command[] = [];
    const changes: Change[] = [];
    for (const { place, fields } of this.#state.now().givers(address)) {
      commands.push({ kind: 'forget', track: place, fields });
      changes.push([`forget/${place}/${fields}`, (mirror) => mirror.forget(place, fields)]);
    }
    commands.push({ kind: 'set', address, value });
    changes.push([`set/${address}`, (mirror) => mirror.set(address, value)]);
    return { commands, changes };
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

  /** `options`: what the core does with it besides; `track` is what it leads to. */
  #put(place: number, track: Track, by: By, options?: PutOptions): Outcome<Track> {
    const words = encodeTrack(track, options);
    const entries = [
      ...stage(REGION_EDIT, words, by.source),
      entry({ kind: 'commitTrack', track: place, words: words.length }, by),
    ];
    const problem = this.#state.append(entries, [[`track/${place}`, (mirror) => mirror.put(place, track)]]);
    if (!problem) this.#state.keepPlace(place, by);
    return problem ? fail(problem) : succeed(track);
  }

  #simple(command: Command, by: By, key: string, redo: (mirror: Mirror) => void): Outcome<undefined> {
    const problem = this.#state.write([command], by, [[key, redo]]);
    return problem ? fail(problem) : succeed(undefined);
  }
}
