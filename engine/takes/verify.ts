/** Compares a take with a rendering from the journal of its run. Runs on: a thread that may work for long. */
import { fail, succeed, type Outcome } from '../shared/outcome.js';
import { JournalError } from '../supervisor/journal-file.js';
import { countDifferent, firstDifference, renderTake, type Difference } from './compare.js';
import { isFrame, openTake } from './open-take.js';

export interface Verified {
  readonly path: string;
  readonly run: string;
  /** Every sample that should be in the file is there, and is the one that was played. */
  readonly identical: boolean;
  /** Frames in the file. */
  readonly frames: number;
  readonly comparedFrames: number;
  readonly differingFrames: number;
  readonly firstDifference?: Difference;
  /** Frames the take should have and the file does not; below 0: the file has more. */
  readonly missingFrames: number;
  /**
   * Of what lies behind the end of the journal (a take that was cut off): frames that are not what would have been played had
   * nothing more been sent. Nobody can say whether they are right.
   */
  readonly unknownFrames: number;
  /** An engine before this one could not end it. */
  readonly unfinished: boolean;
  readonly realTimeFactor: number;
}

/** `progress`: share that is done, 0..1. */
export function verifyTake(
  path: string,
  home: string,
  progress: (share: number) => void = () => undefined,
): Outcome<Verified> {
  const opened = openTake(path, home);
  if (!opened.ok) return opened;
  const take = opened.value;
  const { wav, about, run } = take;
  const began = performance.now();
  const wanted = isFrame(about['frames']) ? about['frames'] : wav.frames;
  const comparedFrames = wav.frames;
  let first: Difference | undefined;
  let differingFrames = 0;
  let unknownFrames = 0;
  try {
    renderTake(take, 0, comparedFrames, (part) => {
      const found = wav.readBytes(part.frame, part.frames);
      const differing = countDifferent(part.bytes, found, part.bytes.length / part.frames);
      if (part.beyond) unknownFrames += differing;
      else differingFrames += differing;
      if (differing > 0 && !part.beyond) first ??= firstDifference(take, part, found);
      progress((part.frame + part.frames) / comparedFrames);
    });
  } catch (error) {
    if (error instanceof JournalError) return fail(error.problem);
    throw error;
  } finally {
    wav.close();
  }
  const missingFrames = wanted - wav.frames;
  const seconds = comparedFrames / wav.format.sampleRate;
  return succeed(
    {
      path,
      run: run.folder,
      identical: differingFrames === 0 && missingFrames === 0 && unknownFrames === 0,
      frames: wav.frames,
      comparedFrames,
      differingFrames,
      ...(first === undefined ? {} : { firstDifference: first }),
      missingFrames,
      unknownFrames,
      unfinished: about['unfinished'] === true,
      realTimeFactor: Math.round((seconds * 1000) / (performance.now() - began)),
    },
    run.problems.map(({ code, got }) => `${code}: ${got}`),
  );
}
