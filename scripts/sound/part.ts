/** A figure of sound quality: measured here, asserted in `npm test`, printed in docs/sound.md. */
export interface SoundFigure {
  /** What is claimed, in the words of a musician: 'saw, 1001 Hz: strongest alias below 18 kHz'. */
  readonly claim: string;
  /** 'below -90 dB' */
  readonly asked: string;
  /** '-97.1 dB' */
  readonly measured: string;
  readonly reached: boolean;
}

export interface Axis {
  readonly label: string;
  readonly min: number;
  readonly max: number;
  readonly log?: boolean;
}

export interface Series {
  readonly label: string;
  readonly points: readonly (readonly [x: number, y: number])[];
  /** A limit or a formula the others are held against. */
  readonly reference?: boolean;
}

/** One picture, docs/sound/NAME.svg. */
export interface Plot {
  readonly name: string;
  readonly title: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly series: readonly Series[];
}

/** What belongs to one module. Everything is measured with the built kernels. */
export interface SoundPart {
  readonly name: string;
  readonly doc: string;
  /** Each one a test; together at most a few seconds. */
  readonly figures: readonly (() => SoundFigure)[];
  readonly plots: readonly (() => Plot)[];
}
