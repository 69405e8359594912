/**
 * A recorded file together with what is known of it and the journal it can be made again from. Blocking; runs on: a
 * thread that may wait for a disk.
 */
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { sidecarPath } from '../../modules/recorder/name.js';
import type { SampleFormat } from '../../modules/recorder/wav/format.js';
import { openWav, type WavFile } from '../../modules/recorder/wav/wav-reader.js';
import { fail, succeed, type Outcome } from '../shared/outcome.js';
import { JournalError, readRun, RUN_FILE, type RunJournal } from '../supervisor/journal-file.js';

/** What a sidecar says; all of it may be missing or nonsense in one that somebody has edited. */
export type About = Readonly<Record<string, unknown>>;

export interface OpenTake {
  readonly path: string;
  readonly wav: WavFile;
  readonly about: About;
  readonly run: RunJournal;
  /** Session frame of the first frame in the file. */
  readonly startFrame: number;
  /** Frames from there on that the journal knows. */
  readonly knownFrames: number;
}

/** `home`: where journal/ is looked for when it does not lie beside the take. The file must be closed by the caller. */
export function openTake(path: string, home: string): Outcome<OpenTake> {
  const about = readAbout(path);
  if (!about.ok) return about;
  const { startFrame } = about.value;
  const run = readJournal(path, about.value, home);
  if (!run.ok) return run;
  const opened = openWav(path);
  if (!opened.ok) return opened;
  const wav = opened.value;
  const { info, blocks } = run.value;
  const differs = [
    [wav.format.sampleRate, info.sampleRate, 'sample rate'],
    [wav.format.channels, 2, 'number of channels'],
  ].find(([is, wanted]) => is !== wanted);
  if (differs) {
    wav.close();
    return fail(noTake(path, `its ${differs[2]} is ${differs[0]}, that of the run ${differs[1]}`));
  }
  const frame = startFrame as number;
  return succeed({
    path,
    wav,
    about: about.value,
    run: run.value,
    startFrame: frame,
    knownFrames: Math.max(0, blocks * info.blockFrames - frame),
  });
}

/** The sidecar, as far as it says where the take comes from. */
export function readAbout(path: string): Outcome<About> {
  let about: unknown;
  try {
    about = JSON.parse(readFileSync(sidecarPath(path), 'utf8'));
  } catch (error) {
    return fail(
      noTake(path, `${basename(sidecarPath(path))} beside it cannot be read (${(error as Error).message})`),
    );
  }
  const { run, startFrame } = (about ?? {}) as About;
  if (typeof run !== 'string' || run !== basename(run) || !isFrame(startFrame))
    return fail(noTake(path, `${basename(sidecarPath(path))} names no run and startFrame`));
  return succeed(about as About);
}

export function isFrame(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** As it was written into the sidecar; else beside the folder of the take; else in the home. */
function readJournal(path: string, { run, journal }: About, home: string): Outcome<RunJournal> {
  const beside = join(dirname(dirname(resolve(path))), 'journal', String(run));
  const folders = [
    typeof journal === 'string' ? journal : beside,
    beside,
    join(home, 'journal', String(run)),
  ];
  const folder = folders.find((each) => existsSync(join(each, RUN_FILE)));
  if (folder === undefined) return fail(noJournal(path, folders));
  try {
    return succeed(readRun(folder));
  } catch (error) {
    if (error instanceof JournalError) return fail(error.problem);
    throw error;
  }
}

function noTake(path: string, why: string) {
  return {
    code: 'E_TAKE',
    where: 'file',
    got: `${path}: ${why}`,
    allowed: 'a take with the .json that was written beside it',
    mend: 'Keep the two together. Without it, chronus repair FILE still makes the sizes in the file right.',
  };
}

function noJournal(path: string, folders: readonly string[]) {
  return {
    code: 'E_NO_JOURNAL',
    where: 'file',
    got: `${path}, whose run is not at ${[...new Set(folders)].join(' or ')}`,
    allowed: 'the journal of the run the take comes from',
    mend: 'Put the folder of the run there, or name the home that has it with --home DIR.',
  };
}

/** The kind of sample of a take. */
export function sampleOf({ wav }: OpenTake): SampleFormat {
  return wav.format.sample;
}
