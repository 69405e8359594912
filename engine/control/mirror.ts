/**
 * What the core holds, as far as commands decide it: parameters, tracks, tempo. A plain model without log or time;
 * the session applies to it what it has written to the log.
 */
import { addressOf, parameterAt, PARAM_NAMES } from '../registry/address.js';
import { defaults } from '../registry/defaults.js';
import { MODULES } from '../registry/modules.js';
import { TRACK_FIELDS, type Load, type Track } from '../shared/track.js';

const VOICE_TYPE = MODULES.findIndex((table) => table.instances === 'voices');
/** Parameter number in the voice of each track field. */
const FIELD_PARAMS = TRACK_FIELDS.map(({ param }) => PARAM_NAMES[VOICE_TYPE]?.indexOf(param) ?? -1);

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
  givers(address: number): { readonly place: number; readonly fields: number }[] {
    const parameter = parameterAt(address);
    const bit = parameter?.type === VOICE_TYPE ? FIELD_PARAMS.indexOf(parameter.index) : -1;
    const field = TRACK_FIELDS[bit]?.field;
    if (!parameter || field === undefined) return [];
    return [...this.tracks]
      .filter(([, track]) => track.voice === parameter.instance + 1 && track[field] !== undefined)
      .map(([place]) => ({ place, fields: 1 << bit }));
  }

  /** Every hit writes the values a track was given into its voice; the pitch belongs to the note alone. */
  #writeFields(track: Track): void {
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
