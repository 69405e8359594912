/** The three pieces, rendered whole. */
import { createHash } from 'node:crypto';
import { checkPiece, type Checked } from '../pieces/check.js';
import { PIECES } from '../pieces/index.js';
import type { Piece } from '../pieces/piece.js';
import type { Figure, SoakOptions, SoakPart } from './part.js';

const QUICK_BARS = 8;
/** A hop of the onset curve is 1 ms. */
const ONSET_MS = 3;

export const pieces: SoakPart = {
  name: 'pieces',
  doc: 'the pieces of scripts/pieces rendered whole: length, levels, onsets, tempo, silence at the end, twice the same',
  async run({ quick, say }: SoakOptions): Promise<readonly Figure[]> {
    const figures: Figure[] = [];
    for (const piece of PIECES) {
      say(`pieces: ${piece.name}`);
      const bars = quick ? QUICK_BARS : piece.bars;
      const [one, two] = [await checkPiece(piece, bars), await checkPiece(piece, bars)];
      figures.push(...figuresOf(piece, one, quick), {
        figure: `${piece.name}: rendered twice`,
        asked: 'the same samples',
        measured: sum(one) === sum(two) ? 'the same samples' : 'different',
        reached: sum(one) === sum(two),
      });
    }
    return figures;
  },
};

function figuresOf(piece: Piece, checked: Checked, quick: boolean): Figure[] {
  const { take, sectionsDb, onsetErrorsMs: errors, tempo, endDb, problems, left } = checked;
  const one = (figure: string, asked: string, measured: string, reached: boolean): Figure => ({
    figure: `${piece.name}: ${figure}`,
    asked,
    measured,
    reached,
  });
  const { peakDb, rmsDb } = take;
  const seconds = take.barSeconds.at(-1) ?? 0;
  const near = errors.filter((error) => Math.abs(error) <= ONSET_MS).length;
  const median = errors[errors.length >> 1] ?? 0;
  const whole = [
    one('length', '110 to 130 s', `${seconds.toFixed(1)} s`, seconds >= 110 && seconds <= 130),
    one('RMS', '-18 to -12 dBFS', `${rmsDb} dBFS`, rmsDb !== null && rmsDb >= -18 && rmsDb <= -12),
    one(
      'onsets at their steps',
      `9 of 10 within ${ONSET_MS} ms`,
      `${near} of ${errors.length}, median ${median.toFixed(2)} ms`,
      near >= 0.9 * errors.length,
    ),
    one(
      'tempo by autocorrelation',
      `${tempo.asked.toFixed(2)} BPM within 0.2`,
      `${tempo.measured.toFixed(2)} BPM`,
      Math.abs(tempo.measured - tempo.asked) <= 0.2,
    ),
    one(
      'width (side against mid)',
      'above -25 dB',
      `${checked.widthDb.toFixed(1)} dB`,
      checked.widthDb > -25,
    ),
  ];
  return [
    ...(quick ? [] : whole),
    one('peak', 'at most -1 dBFS', `${peakDb} dBFS`, peakDb !== null && peakDb <= -0.99),
    one(
      'levels of every four bars',
      'none silent',
      sectionsDb.map((db) => db.toFixed(0)).join(' '),
      Math.min(...sectionsDb) > -40,
    ),
    one('last second', 'below -90 dBFS', `${endDb.toFixed(0)} dBFS`, endDb < -90),
    one(
      'left behind',
      'no track, not running, no error',
      `${left.tracks.length} tracks, ${left.running ? 'running' : 'standing'}, ${problems.length} errors`,
      left.tracks.length === 0 && !left.running && problems.length === 0,
    ),
    one(
      'speed',
      'faster than real time',
      `${checked.realTimeFactor.toFixed(0)} times`,
      checked.realTimeFactor > 1,
    ),
  ];
}

function sum({ sound }: Checked): string {
  const hash = createHash('sha256');
  for (const side of [sound.left, sound.right])
    hash.update(new Uint8Array(side.buffer, side.byteOffset, side.byteLength));
  return hash.digest('hex');
}
