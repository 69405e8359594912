/** What a slot file holds, checked and in range. */
import type { Track } from '../shared/track.js';

export interface SlotSequencer {
  /** 30..300. */
  readonly bpm: number;
  /** 0..0.6. */
  readonly swing: number;
  readonly running: boolean;
  /** The step the file was saved at; a load restarts at the bar. */
  readonly globalStep: number;
  /** In play order; they replace all tracks. */
  readonly tracks: readonly Track[];
}

export interface SlotDocument {
  readonly name?: string;
  /** Absent: tempo and tracks stay as they are. */
  readonly sequencer?: SlotSequencer;
  /** `voice1/filter/freq` -> value in the unit of its row, or a target's text. What is absent keeps its value. */
  readonly params: ReadonlyMap<string, number | string>;
}
