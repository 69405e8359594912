/** Runs and takes as what `chronus render` plays. */
import { resolve } from 'node:path';
import { openWav } from '../../modules/recorder/wav/wav-reader.js';
import type { SampleFormat } from '../../modules/recorder/wav/format.js';
import { fail, show, succeed, type Outcome } from '../shared/outcome.js';
import { JournalError, readRun, type RunJournal } from '../supervisor/journal-file.js';
import type { Program } from '../supervisor/program.js';
import type { FrameRange } from '../supervisor/run-program.js';
import { isFrame, openTake } from '../takes/open-take.js';
import { partOfRun } from './render-range.js';
import type { Source } from './render-source.js';

type Flags = Readonly<Record<string, unknown>>;

export function openRun(source: string, folder: string, flags: Flags): Outcome<Program> {
  return tried(source, () => ofRun(readRun(folder), flags));
}

/** The part of its run that a take holds. */
export function openTakenRun(source: string, home: string, flags: Flags): Source {
  const path = resolve(source);
  return { program: tried(source, () => takeProgram(path, home, flags)), sample: formatOf(path) };
}

function tried(source: string, open: () => Outcome<Program>): Outcome<Program> {
  try {
    return open();
  } catch (error) {
    if (error instanceof JournalError) return fail(error.problem);
    return fail({
      code: 'E_SOURCE',
      got: `${show(source)} (${(error as Error).message})`,
      allowed: 'the folder of a run with run.json, or a take with its .json beside it',
      mend: 'Nothing was rendered. Is the journal of that run still there?',
    });
  }
}

/** With what is wrong with its journal as warnings. */
function ofRun(journal: RunJournal, flags: Flags, take?: FrameRange): Outcome<Program> {
  const program = partOfRun(journal, flags, take);
  return program.ok
    ? succeed(
        program.value,
        journal.problems.map(({ code, got }) => `${code}: ${got}`),
      )
    : program;
}

function takeProgram(path: string, home: string, flags: Flags): Outcome<Program> {
  const opened = openTake(path, home);
  if (!opened.ok) return opened;
  const { run, startFrame, wav, about } = opened.value;
  wav.close();
  // A take that was cut off by a kill is as long as its file.
  const frames = isFrame(about['frames']) ? about['frames'] : wav.frames;
  return ofRun(run, flags, { startFrame, frames });
}

function formatOf(path: string): SampleFormat | undefined {
  const opened = openWav(path);
  if (!opened.ok) return undefined;
  opened.value.close();
  return opened.value.format.sample;
}
