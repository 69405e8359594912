/**
 * The log as it is written, and the mirror of what it leads to. Runs on: main thread.
 *
 * A load that waits for the bar leaves the mirror as it is. When the core has committed it, the mirror takes the load
 * and then, once more, what was written to the log behind the commit: the later writer wins here as there.
 *
 *      log   ... | stage, stage, commitLoad (bar) | set a | set b |<- logEnd of the commit   set c | ...
 *      mirror                                       a       b       load, then c
 *
 * Changes with a time tag are in the mirror once their frame has been rendered; edits for the bar at once, or, behind a
 * load that waits, with that load.
 */
import { isEditThatWaits, REGION_LOAD, type Command, type Entry, type When } from '../shared/command.js';
import { WAITING_EDITS } from '../shared/core-layout.js';
import { fail, succeed, type Outcome, type Problem } from '../shared/outcome.js';
import { encodeLoad, TRACKS, type Load } from '../shared/track.js';
import { busy, entry, noRoom, nothingToUndo, stage } from './entries.js';
import { Mirror } from './mirror.js';
import { LoadUndo } from './undo.js';

/** The command log, as the control plane writes it. */
export interface CommandSink {
  /** Writes all entries in order, or none (false) when the log has no room. */
  append(entries: readonly Entry[]): boolean;
  /** Number of entries ever written: the position behind the last one. */
  position(): number;
  /** Frames the core has rendered: what was to act at one of them has acted. */
  rendered(): number;
  /** Edits that can still wait for a step, a bar or a frame; those on their way are counted. */
  editRoom(): number;
  /** The last load the core has committed; commands at positions below `logEnd` acted before it. */
  committedLoad(): { readonly serial: number; readonly logEnd: number } | undefined;
}

/** Who sent a command and when it acts; at once where `when` is left out. */
export interface By {
  readonly source: number;
  readonly when?: When;
}

interface Pending {
  readonly serial: number;
  readonly load: Load;
  /** What will be when it has acted: edits that wait for the same bar speak of that. */
  readonly future: Mirror;
  /** What was written since, by what it changes: only the last write to each place counts. */
  readonly later: Map<string, { readonly end: number; readonly redo: (mirror: Mirror) => void }>;
}

/** Changes that act at a frame; until then the mirror shows what is. */
interface Timed {
  readonly frame: number;
  readonly changes: readonly Change[];
}

/** A stop makes a load that waits real at once and holds even where the load would run: it is always the later one. */
export const STOP = 'stop';
export const START = 'start';

export type Change = readonly [key: string, redo: (mirror: Mirror) => void];

export class SessionState {
  readonly #sink: CommandSink;
  readonly #mirror: Mirror;
  readonly #undo = new LoadUndo();
  /** What will be changed at a frame, in the order of the frames. */
  readonly #timed: Timed[] = [];
  /** Places of tracks that something which waits speaks of. */
  readonly #kept = new Set<number>();
  #pending: Pending | undefined;
  #serial = 0;

  constructor(sink: CommandSink, voices: number) {
    this.#sink = sink;
    this.#mirror = new Mirror(voices);
  }

  /** Something that is still to come may stop the sequencer. */
  mayStop(): boolean {
    return this.#pending?.load.running === false || this.#timed.length > 0;
  }

  /**
   * The first place that is free now and after a load that waits. A place that something which waits still speaks of is
   * taken only where there is no other.
   */
  freePlace(): number | undefined {
    const { tracks } = this.#mirror;
    if (this.#timed.length === 0 && this.#sink.editRoom() >= WAITING_EDITS) this.#kept.clear();
    const taken = this.#pending?.load.hasSequencer ? this.#pending.load.tracks.length : 0;
    const free = Array.from({ length: TRACKS }, (_, place) => place).filter((place) => !tracks.has(place));
    const unspoken = free.filter((place) => !this.#kept.has(place));
    return unspoken.find((place) => place >= taken) ?? unspoken[0] ?? free[0];
  }

  /** Something that does not act at once speaks of this place. */
  keepPlace(place: number, { when }: By): void {
    if (when && when.at !== 'now') this.#kept.add(place);
  }

  /**
   * Takes back the last load: the whole state as it was right before that load acted, at the bar or at once as a load.
   * A load that still waits is taken out of the log's way ('dropped'); whether it came too late for that shows in
   * `loadPending` once the core has read the log so far (see settleDrop). An undo is a load: undone, it brings back
   * what it took away. Refuses when nothing was loaded (E_UNDO).
   */
  undo(immediate: boolean, by: By): Outcome<{ readonly at: 'now' | 'bar' | 'dropped' }> {
    this.now();
    if (!this.#pending) {
      const { before } = this.#undo;
      return before ? this.load(before, immediate, by) : fail(nothingToUndo());
    }
    // The core drops a load that waits when the next one begins to arrive.
    if (!this.#sink.append(stage(REGION_LOAD, [0], by.source))) return fail(busy());
    return succeed({ at: 'dropped' });
  }

  /** After the core has read the log to the end: true when the load that was dropped will not act; false: it has. */
  settleDrop(): boolean {
    this.now();
    const dropped = this.#pending;
    this.#pending = undefined;
    this.#undo.dropped();
    // What was to act behind it at the bar acts all the same.
    for (const { end, redo } of dropped?.later.values() ?? []) if (end === Infinity) redo(this.#mirror);
    return dropped !== undefined;
  }

  load(load: Load, immediate: boolean, by: By): Outcome<{ readonly at: 'now' | 'bar' }> {
    const at = !this.now().running || immediate ? 'now' : 'bar';
    const words = encodeLoad(load);
    const serial = this.#serial + 1;
    const entries = [
      ...stage(REGION_LOAD, words, by.source),
      entry({ kind: 'commitLoad', words: words.length, serial }, { source: by.source, when: { at } }),
    ];
    if (!this.#sink.append(entries)) return fail(busy());
    this.#serial = serial;
    this.#pending =
      at === 'bar' ? { serial, load, future: this.#mirror.after(load), later: new Map() } : undefined;
    if (at === 'bar') this.#undo.waits(this.#mirror);
    else {
      this.#undo.actsOn(this.#mirror);
      this.#mirror.load(load);
    }
    return succeed({ at });
  }

  /** True while a load waits for its bar. */
  get loadPending(): boolean {
    this.now();
    return this.#pending !== undefined;
  }

  write(commands: readonly Command[], by: By, changes: readonly Change[]): Problem | undefined {
    return this.append(
      commands.map((command) => entry(command, by)),
      changes,
    );
  }

  append(entries: readonly Entry[], changes: readonly Change[]): Problem | undefined {
    this.now();
    if (entries.some(isEditThatWaits) && this.#sink.editRoom() < 1) return noRoom();
    if (!this.#sink.append(entries)) return busy();
    const when = entries.at(-1)?.when;
    if (when?.at === 'frame') this.#later(when.frame, changes);
    else this.#change(changes, when);
    return undefined;
  }

  /** Behind those of the same frame that came before. */
  #later(frame: number, changes: readonly Change[]): void {
    if (changes.length === 0) return;
    const at = this.#timed.findLastIndex((timed) => timed.frame <= frame);
    this.#timed.splice(at + 1, 0, { frame, changes });
  }

  #change(changes: readonly Change[], when: When | undefined): void {
    // What waits for the bar acts there in its turn, behind a load that waits for it, however early it was written.
    const atBar = when?.at === 'bar';
    const end = atBar ? Infinity : this.#sink.position();
    for (const [key, redo] of changes) {
      redo(this.meant(when));
      this.#undo.wrote(end, redo);
      // The same place may hold one track now and another behind the load.
      const what = atBar ? `bar/${key}` : key;
      this.#pending?.later.delete(what);
      if (key === START) this.#pending?.later.delete(STOP);
      if (key === STOP) this.#pending?.later.delete(START);
      this.#pending?.later.set(what, { end, redo });
    }
  }

  /** The state an edit speaks of: what waits for the bar acts behind a load that waits for it. */
  meant(when: When | undefined): Mirror {
    const now = this.now();
    return when?.at === 'bar' && this.#pending ? this.#pending.future : now;
  }

  /** The mirror, after what the core has committed meanwhile. */
  now(): Mirror {
    const pending = this.#pending;
    const committed = pending && this.#sink.committedLoad();
    if (pending && committed && committed.serial >= pending.serial) {
      this.#pending = undefined;
      this.#undo.acted(committed.logEnd);
      this.#mirror.load(pending.load);
      for (const [key, { end, redo }] of pending.later)
        if (end > committed.logEnd || key === STOP) redo(this.#mirror);
    }
    const frame = this.#timed.length > 0 ? this.#sink.rendered() : 0;
    while (this.#timed[0] && this.#timed[0].frame <= frame) {
      for (const [, redo] of (this.#timed.shift() as Timed).changes) redo(this.#mirror);
    }
    return this.#mirror;
  }
}
