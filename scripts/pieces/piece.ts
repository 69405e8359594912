/** What a piece is: a program that plays a synth, live or offline, and records itself. */
import type { Synth } from 'music-chronus';

export interface Piece {
  readonly name: string;
  /** One line for people. */
  readonly doc: string;
  readonly bpm: number;
  readonly bars: number;
  /** Where something surely and sharply begins, for measurements: these steps of the bars from, up to before, to. */
  readonly hits: {
    readonly bars: readonly (readonly [from: number, to: number])[];
    readonly steps: readonly number[];
  };
  /** Sounds and tracks, before the first bar. */
  prepare(synth: Synth): Promise<void>;
  /** From the start of the score to its end. */
  play(stage: Stage): Promise<void>;
}

export interface Stage {
  readonly synth: Synth;
  /** Resolves a little before that bar; what is sent then belongs to it. */
  bar(bar: number): Promise<void>;
  /** Acts at the bar that is being prepared, or so many steps (sixteenths) into it. */
  at(step: number, play: () => void): void;
  /** From this bar on: another tempo, at once or over so many beats. */
  tempo(bpm: number, beats?: number): void;
}

/** What a take says of itself. */
export interface Take {
  readonly path: string;
  readonly frames: number;
  readonly seconds: number;
  readonly peakDb: number | null;
  readonly rmsDb: number | null;
  /** Seconds from the beginning of the take to bar 0, as far as the clock of the player knows. */
  readonly startSeconds: number;
  /** Seconds from bar 0 to each bar that was reached, and to the end. */
  readonly barSeconds: readonly number[];
}

export interface PlayOptions {
  /** Ends after so many bars. */
  readonly bars?: number;
  /** Silence to wait for after the last bar, seconds. */
  readonly tailSeconds?: number;
  readonly onBar?: (bar: number) => void;
}

/** Thrown through a piece that is cut short. */
class Cut extends Error {}

/** Plays a piece and gives its take. The synth is left silent, with no track and nothing that waits. */
export async function playPiece(synth: Synth, piece: Piece, options: PlayOptions = {}): Promise<Take> {
  const { bars = piece.bars, tailSeconds = 6, onBar = () => {} } = options;
  await synth.engine.panic();
  await synth.seq.clear();
  await piece.prepare(synth);
  const score = synth.score({ bpm: piece.bpm });
  const begun = synth.clock.now();
  await synth.record.start(piece.name);
  await score.start();
  const end = Math.min(bars, piece.bars);
  const reach = async (bar: number): Promise<void> => {
    if (bar >= end) throw new Cut();
    await score.until(bar);
    onBar(bar);
  };
  const stage: Stage = {
    synth,
    bar: reach,
    at: (step, play) => score.at(score.bar, step, play),
    tempo: (bpm, beats) => score.tempo(bpm, beats),
  };
  try {
    await piece.play(stage);
  } catch (error) {
    if (!(error instanceof Cut)) throw error;
  }
  await score.until(end);
  score.at(end, 0, () => synth.seq.clear());
  score.at(end, 1, () => synth.seq.stop());
  synth.flush();
  await synth.clock.until(score.timeOf(end) + 1000 * tailSeconds);
  const take = await synth.record.stop<Omit<Take, 'startSeconds' | 'barSeconds'>>();
  const barSeconds = Array.from({ length: end + 1 }, (_, bar) => score.secondsOf(bar));
  return { ...take, startSeconds: (score.timeOf(0) - begun) / 1000, barSeconds };
}
