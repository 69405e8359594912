/**
 * What the core holds, as far as commands decide it: parameters, tracks, tempo. A plain model without log or time;
 * the session applies to it what it has written to the log.
 */
import { addressOf, PARAM_NAMES } from '../registry/address.js';
import { defaults } from '../registry/defaults.js';
import { MODULES } from '../registry/modules.js';
import { readSteps } from '../shared/steps.js';
import { TRACK_FIELDS, type Load, type Track } from '../shared/track.js';

const VOICE_TYPE = MODULES.findIndex((table) => table.instances === 'voices');
/** Parameter number in the voice of each track field. */
const FIELD_PARAMS = TRACK_FIELDS.map(({ param }) => PARAM_NAMES[VOICE_TYPE]?.indexOf(param) ?? -1);

/** A track that gives its voice a value, and the bit of the field. */
export interface Giver {
  readonly place: number;
  readonly fields: number;
}

const NO_GIVERS: readonly Giver[] = [];

export class Mirror {
  readonly values: Map<number, number>;
  /** Place in the core -> track. The order of the map is the order of play. */
  readonly tracks = new Map<number, Track>();
  milliBpm = 120_000;
  swing = 0;
  running = false;

  constructor(voices: number) {
    this.values = defaults(voices);
  }

  /** All of it, independent of this one. */
  clone(): Mirror {
    const values = new Map(this.values);
    return Object.assign(new Mirror(0), this, { values, tracks: new Map(this.tracks) });
  }

  /** What will be when a load has acted. */
  after(load: Load): Mirror {
    const future = this.clone();
    future.load(load);
    return future;
  }

  /** The state as a load that leads to it. */
  toLoad(): Load {
    const { milliBpm, swing, running, tracks, values } = this;
    return {
      hasSequencer: true,
      milliBpm,
      swing,
      running,
      tracks: [...tracks.values()],
      params: [...values],
    };
  }

  set(address: number, value: number): void {
    this.values.set(address, value);
  }

  /** Puts a track at a place; one that is there keeps its turn. */
  put(place: number, track: Track): void {
    this.tracks.set(place, track);
    if (this.running) this.#writeFields(track);
  }

  forget(place: number, fields: number): void {
    const track = this.tracks.get(place);
    if (track) this.tracks.set(place, without(track, fields));
  }

  transport(running: boolean): void {
    this.running = running;
    if (running) for (const track of this.tracks.values()) this.#writeFields(track);
  }

  load(load: Load): void {
    for (const [address, value] of load.params) this.values.set(address, value);
    if (!load.hasSequencer) return;
    this.milliBpm = load.milliBpm;
    this.swing = load.swing;
    this.tracks.clear();
    for (const [place, track] of load.tracks.entries()) this.tracks.set(place, track);
    this.transport(load.running);
  }

  placeOf(id: string): number | undefined {
    for (const [place, track] of this.tracks) if (track.id === id) return place;
    return undefined;
  }

  /** Which tracks give their voice this parameter, and the bit of the field in each. */
  givers(address: number): readonly Giver[] {
    // Per message: the parts of the address, and no lists where there is nothing to list.
    const bit = address >>> 16 === VOICE_TYPE ? FIELD_PARAMS.indexOf(address & 255) : -1;
    const field = TRACK_FIELDS[bit]?.field;
    if (field === undefined) return NO_GIVERS;
    const voice = 1 + ((address >>> 8) & 255);
    const found: Giver[] = [];
    for (const [place, track] of this.tracks)
      if (track.voice === voice && track[field] !== undefined) found.push({ place, fields: 1 << bit });
    return found;
  }

  /** True when the track is heard: it hits, is not muted, and no other is solo. */
  #hits({ muted, solo, pattern, length }: Track): boolean {
    if (muted || (!solo && [...this.tracks.values()].some((track) => track.solo))) return false;
    return readSteps(pattern)
      .steps.slice(0, length)
      .some(({ kind, chance }) => (kind === 'hit' || kind === 'accent') && chance > 0);
  }

  /** Every hit writes the values a track was given into its voice; the pitch belongs to the note alone. */
  #writeFields(track: Track): void {
    if (!this.#hits(track)) return;
    for (const [bit, { field, param }] of TRACK_FIELDS.entries()) {
      const value = track[field];
      const address = addressOf(VOICE_TYPE, track.voice - 1, FIELD_PARAMS[bit] as number);
      if (value !== undefined && param !== 'freq' && this.values.has(address))
        this.values.set(address, Math.fround(value));
    }
  }
}

function without(track: Track, fields: number): Track {
  const left: Partial<Record<string, unknown>> = { ...track };
  for (const [bit, { field }] of TRACK_FIELDS.entries()) if (fields & (1 << bit)) delete left[field];
  return left as unknown as Track;
}
