/** --from and --to: a part of a run or of a take. */
import { fail, succeed, type Outcome } from '../shared/outcome.js';
import type { RunJournal } from '../supervisor/journal-file.js';
import { checkNumber, type NumberOption } from '../supervisor/options.js';
import { runProgram, type FrameRange } from '../supervisor/run-program.js';
import type { Program } from '../supervisor/program.js';

type Flags = Readonly<Record<string, unknown>>;

/** A month. */
const MOST_SECONDS = 2_678_400;

function seconds(flags: Flags, key: 'from' | 'to', fallback: number): Outcome<number> {
  if (flags[key] === undefined) return succeed(fallback);
  const option: NumberOption = {
    name: 'leadMs',
    flag: `--${key}`,
    unit: 'seconds',
    min: 0,
    max: MOST_SECONDS,
    default: fallback,
    whole: false,
    doc: 'a place in the run or take',
  };
  const value = checkNumber(option, `--${key}`, String(flags[key]));
  if (value.ok) return value;
  const other = key === 'from' ? 'the beginning' : 'the end';
  return fail({ ...value.error, mend: `Leave it out for ${other}.` });
}

/**
 * What of a run is to be rendered: of the whole of it, or of the take that lies in it. Throws JournalError where the
 * journal does not hold it.
 */
export function partOfRun(run: RunJournal, flags: Flags, take?: FrameRange): Outcome<Program> {
  const { sampleRate, blockFrames } = run.info;
  const { startFrame, frames } = take ?? { startFrame: 0, frames: run.blocks * blockFrames };
  const from = seconds(flags, 'from', 0);
  const to = seconds(flags, 'to', frames / sampleRate);
  if (!from.ok) return from;
  if (!to.ok) return to;
  const begin = Math.round(from.value * sampleRate);
  const end = Math.round(to.value * sampleRate);
  if (end > frames || begin >= end) {
    return fail({
      code: 'E_OPTION',
      got: `--from ${from.value} --to ${to.value}`,
      allowed: `0 <= from < to <= ${frames / sampleRate} seconds, the length of ${take ? 'the take' : 'the run'}`,
      mend: 'Leave them out for all of it.',
    });
  }
  const part = flags['from'] !== undefined || flags['to'] !== undefined;
  if (!take && !part) return succeed(runProgram(run));
  return succeed(runProgram(run, { startFrame: startFrame + begin, frames: end - begin }));
}
