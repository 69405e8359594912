/** A rendered piece against what it is meant to be: the figures of the tests and of the soak. */
import { offline } from 'music-chronus/offline';
import { rmSync } from 'node:fs';
import { levels, onsetCurve, onsetErrorsMs, readTake, tempoOf, widthDb, type Sound } from './measure.js';
import { playPiece, type Piece, type Take } from './piece.js';

export interface Checked {
  readonly take: Take;
  readonly sound: Sound;
  /** Levels of every four bars, dB of full scale. */
  readonly sectionsDb: readonly number[];
  /** Distance of the hits from their steps, milliseconds, in order of size. */
  readonly onsetErrorsMs: readonly number[];
  /** Of the bars of the hits: measured, and as the score has it. */
  readonly tempo: { readonly measured: number; readonly asked: number };
  readonly widthDb: number;
  /** Of the last second. */
  readonly endDb: number;
  /** Errors and warnings of the engine. */
  readonly problems: readonly string[];
  /** Tracks that are left, and whether the sequencer runs. */
  readonly left: { readonly running: boolean; readonly tracks: readonly unknown[] };
  readonly realTimeFactor: number;
}

/** Renders the first bars of a piece, or all of it, and measures. */
export async function checkPiece(piece: Piece, bars = piece.bars, tailSeconds = 6): Promise<Checked> {
  const synth = await offline();
  try {
    const problems: string[] = [];
    synth.on('error', ({ message }) => problems.push(message));
    synth.on('warning', (address, sentence) => problems.push(`${address}: ${sentence}`));
    const began = performance.now();
    const take = await playPiece(synth, piece, { bars, tailSeconds });
    const realTimeFactor = (1000 * take.seconds) / (performance.now() - began);
    const left = await synth.seq.status<Checked['left']>();
    return { ...measure(piece, take), problems, left, realTimeFactor };
  } finally {
    synth.close();
    rmSync(synth.home, { recursive: true, force: true });
  }
}

function measure(piece: Piece, take: Take) {
  const sound = readTake(take.path);
  const { sampleRate } = sound;
  const curve = onsetCurve(sound);
  const secondsAt = (bar: number, step = 0): number => {
    const [from, to] = [take.barSeconds[bar] ?? 0, take.barSeconds[bar + 1] ?? 0];
    return take.startSeconds + from + ((to - from) * step) / 16;
  };
  const last = take.barSeconds.length - 1;
  const { bars, steps } = piece.hits;
  const hit = Array.from({ length: last }, (_, bar) => bar).filter((bar) =>
    bars.some(([from, to]) => bar >= from && bar < to),
  );
  const times = hit.flatMap((bar) => steps.map((step) => secondsAt(bar, step)));
  const first = hit[0] ?? 0;
  const hop = sound.left.length / curve.length;
  const hops = (seconds: number): number => Math.round((seconds * sampleRate) / hop);
  // Four bars, as the tempo may move.
  const end = Math.min(first + 4, last);
  const [a, b] = [secondsAt(first), secondsAt(end - 1, 16)];
  const asked = (60 * 4 * (end - first)) / (b - a);
  const sectionsDb = Array.from({ length: Math.ceil(last / 4) }, (_, i) => {
    const to = secondsAt(Math.min(4 * i + 4, last) - 1, 16);
    return levels(sound, Math.round(secondsAt(4 * i) * sampleRate), Math.round(to * sampleRate)).rmsDb;
  });
  return {
    take,
    sound,
    sectionsDb,
    onsetErrorsMs: onsetErrorsMs(curve, sampleRate, times),
    tempo: {
      measured: times.length > 0 ? tempoOf(curve.subarray(hops(a), hops(b)), sampleRate, asked) : NaN,
      asked,
    },
    widthDb: widthDb(sound),
    endDb: levels(sound, sound.left.length - sampleRate).rmsDb,
  };
}
