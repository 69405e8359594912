/**
 * Makes a take whole: what is missing at its end or was lost in its middle is rendered again from the journal of its run,
 * all else is compared with the rendering. Without a journal the sizes in the file are made right, and it ends where it
 * ends. Samples that are right are never rewritten. Blocking; runs on: a thread that may work for long.
 */
import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { basename } from 'node:path';
import { Measures, type Measured } from '../../modules/recorder/measures.js';
import { cuesOf, inside, writeSidecar, type Mark } from '../../modules/recorder/sidecar-file.js';
import { decodeFrames } from '../../modules/recorder/wav/decode.js';
import { bytesPerFrame } from '../../modules/recorder/wav/format.js';
import { repairWav } from '../../modules/recorder/wav/wav-repair.js';
import { WAV_HEAD_BYTES } from '../../modules/recorder/wav/wav-header.js';
import { WavWriter } from '../../modules/recorder/wav/wav-writer.js';
import { fail, succeed, type Outcome, type Problem } from '../shared/outcome.js';
import { isAlive, type Identity } from '../shared/process-identity.js';
import { CHANNELS } from '../shared/tap.js';
import { JournalError } from '../supervisor/journal-file.js';
import { countDifferent, renderTake, type Part } from './compare.js';
import { isFrame, openTake, readAbout, type About, type OpenTake } from './open-take.js';

export interface Mended {
  readonly path: string;
  /** What it was made whole from; 'sizes': there was no journal, only the sizes were made right. */
  readonly from: 'journal' | 'sizes';
  readonly frames: number;
  readonly seconds: number;
  /** Frames that were put behind the end of the file. */
  readonly addedFrames: number;
  /** Frames within the file that were wrong, and are right now: silence where blocks were lost. */
  readonly changedFrames: number;
  /** As in Verified; they are as they were. */
  readonly unknownFrames: number;
  /** What was done to the sizes, one sentence each; with 'sizes' only. */
  readonly changes: readonly string[];
  /** Why there was no journal; with 'sizes' only. */
  readonly why?: string;
  readonly measured?: Measured;
}

export interface MendOptions {
  readonly home: string;
  /** Session frame at which the take ended, where that is known better than by the sidecar. */
  readonly endFrame?: number;
  /** Says what would be done, and does nothing. */
  readonly dryRun?: boolean;
  /** The engine that made it is this one: that it lives is no reason to wait. */
  readonly own?: boolean;
  /** Share that is done, 0..1. */
  readonly progress?: (share: number) => void;
}

/** Refused: E_BUSY while it is being recorded, E_WAV for what is no WAV file, E_DISK where nothing can be written. */
export function mendTake(path: string, options: MendOptions): Outcome<Mended> {
  const about = readAbout(path);
  if (about.ok && !options.own && isRecorded(about.value)) return fail(busy(path));
  const opened = openTake(path, options.home);
  if (!opened.ok) return bySizes(path, options, opened.error);
  const take = opened.value;
  try {
    if (take.wav.dataOffset !== WAV_HEAD_BYTES) return bySizes(path, options, notOurs(path));
    const seen = byJournal(take, { ...options, dryRun: true });
    if (!seen.ok || options.dryRun) return seen;
    const wrong = contradiction(take, seen.value);
    return wrong ? fail(wrong) : byJournal(take, options);
  } catch (error) {
    if (error instanceof JournalError) return bySizes(path, options, error.problem);
    return fail(diskProblem(path, error));
  } finally {
    take.wav.close();
  }
}

function isRecorded({ unfinished, pid, processStart }: About): boolean {
  if (unfinished !== true || typeof pid !== 'number') return false;
  return isAlive({ pid, ...(typeof processStart === 'string' ? { processStart } : {}) } satisfies Identity);
}

function bySizes(path: string, { dryRun = false }: MendOptions, why: Problem): Outcome<Mended> {
  const repaired = repairWav(path, { dryRun });
  if (!repaired.ok) return repaired;
  const { frames, changed } = repaired.value;
  return succeed({
    path,
    from: 'sizes',
    frames,
    seconds: NaN,
    addedFrames: 0,
    changedFrames: 0,
    unknownFrames: frames,
    changes: changed,
    why: `${why.code}: ${why.got}`,
  });
}

function byJournal(take: OpenTake, options: MendOptions): Outcome<Mended> {
  const { path, wav, about, startFrame } = take;
  const { dryRun = false, progress = () => undefined } = options;
  // What is there is never cut off.
  const frames = Math.max(wav.frames, wantedFrames(take, options.endFrame));
  const measures = new Measures(wav.format.sampleRate, CHANNELS);
  const fd = openSync(path, dryRun ? 'r' : 'r+');
  const counts: Counts = { added: 0, changed: 0, unknown: 0 };
  let writer: WavWriter | undefined;
  try {
    renderTake(take, 0, frames, (part) => {
      const kept = Math.max(0, Math.min(part.frames, wav.frames - part.frame));
      measures.add(mendPart(take, fd, part, kept, counts, dryRun), part.frames);
      counts.added += part.frames - kept;
      progress((part.frame + part.frames) / frames);
      if (dryRun || kept === part.frames) return;
      writer ??= reopen(fd, take);
      writer.append(part.samples.subarray(kept * CHANNELS), part.frames - kept);
    });
    if (dryRun) {
      closeSync(fd);
      return succeed(mended(take, frames, counts, measures.end()));
    }
    const measured = measures.end();
    writer ??= reopen(fd, take);
    const marks = marksOf(take, frames);
    writer.close({ loudness: measured, cues: cuesOf(marks, startFrame) });
    const summary = mended(take, frames, counts, measured);
    const problem = writeSidecar(path, finished(about, summary, marks, writer.bytes));
    return problem ? fail(problem) : succeed(summary);
  } catch (error) {
    if (!writer) closeSync(fd);
    throw error;
  }
}

/**
 * The hashes in the sidecar are of what was played. A rendering that differs from them is not this take: its place in the run
 * has been changed, or the journal is another one; nothing may be written then.
 */
function contradiction(
  { about, path }: OpenTake,
  { changedFrames, frames, measured }: Mended,
): Problem | undefined {
  const known = about['hashes'] as { readonly list?: unknown } | undefined;
  const lost = about['lostBlocks'] !== 0 && about['restoredFrames'] === undefined;
  if (changedFrames === 0 || lost || !Array.isArray(known?.list)) return undefined;
  const list = measured?.hashes.list ?? [];
  const whole = about['frames'] === frames ? list.length : list.length - 1;
  const second = known.list.findIndex((hash, i) => i < whole && hash !== list[i]);
  if (second < 0) return undefined;
  return {
    code: 'E_TAKE',
    where: 'file',
    got: `${path}, of which second ${second} was not played as the journal has it`,
    allowed: 'a take whose .json and journal say the same',
    mend: 'Nothing was changed. Has startFrame or run in the .json been edited? chronus verify compares the file.',
  };
}

/** Frames that were put behind the end, that were wrong and are right now, and of which nobody knows. */
interface Counts {
  added: number;
  changed: number;
  unknown: number;
}

/** What the take should have: as it was told, as its sidecar says, as the journal says, else all that is known. */
function wantedFrames(
  { wav, about, run, path, startFrame, knownFrames }: OpenTake,
  endFrame?: number,
): number {
  if (endFrame !== undefined) return endFrame - startFrame;
  // No more than anybody can know of.
  const all = Math.max(wav.frames, knownFrames);
  if (isFrame(about['frames'])) return Math.min(about['frames'], all);
  const stop = run.notes.findLast(
    ({ note }) => note.kind === 'take' && note.event === 'stop' && note.file === basename(path),
  )?.note;
  const most = isFrame(about['maxFrames']) ? about['maxFrames'] : Infinity;
  const end = stop?.kind === 'take' ? stop.frame - startFrame : all;
  return Math.min(most, end, all);
}

/** Writes what is wrong among the frames that are there; gives the samples of the whole part as they are then. */
function mendPart(
  { wav }: OpenTake,
  fd: number,
  part: Part,
  kept: number,
  counts: Counts,
  dryRun: boolean,
): Float32Array {
  if (kept === 0) return part.samples;
  const found = wav.readBytes(part.frame, kept);
  const frameBytes = bytesPerFrame(wav.format);
  const wanted = part.bytes.subarray(0, kept * frameBytes);
  const different = countDifferent(wanted, found, frameBytes);
  if (different === 0) return part.samples;
  if (part.beyond) {
    counts.unknown += different;
    return decodeFrames(wav.format, found);
  }
  counts.changed += different;
  if (!dryRun) {
    const at = wav.dataOffset + part.frame * frameBytes;
    for (let from = 0; from < wanted.length;)
      from += writeSync(fd, wanted, from, wanted.length - from, at + from);
  }
  return part.samples;
}

/** Goes on behind the frames that are there. */
function reopen(fd: number, { wav, startFrame }: OpenTake): WavWriter {
  fsyncSync(fd);
  return new WavWriter(fd, wav.format, {
    startFrame,
    resumeFrames: wav.frames,
    ...(wav.origin === undefined ? {} : { origin: wav.origin }),
  });
}

/** What the sidecar has, and what the journal was told. */
function marksOf({ about, run, startFrame }: OpenTake, frames: number): readonly Mark[] {
  if (Array.isArray(about['marks'])) return about['marks'] as Mark[];
  const told = run.notes.flatMap(({ note }): Mark[] =>
    note.kind === 'mark' ? [{ kind: note.of ?? 'mark', frame: note.frame, text: note.text }] : [],
  );
  return inside(told, startFrame, frames);
}

function mended(
  { path, wav }: OpenTake,
  frames: number,
  { added, changed, unknown }: Counts,
  measured?: Measured,
): Mended {
  return {
    path,
    from: 'journal',
    frames,
    seconds: frames / wav.format.sampleRate,
    addedFrames: added,
    changedFrames: changed,
    unknownFrames: unknown,
    changes: [],
    ...(measured === undefined ? {} : { measured }),
  };
}

/** The sidecar of a take that is whole now. */
function finished(about: About, summary: Mended, marks: readonly Mark[], bytes: number): object {
  const { unfinished, problem: _, ...known } = about;
  const { frames, seconds, addedFrames, changedFrames, unknownFrames, measured } = summary;
  const restoredFrames = addedFrames + changedFrames;
  return {
    ...known,
    frames,
    seconds,
    bytes,
    verified: unknownFrames === 0,
    ...measured,
    marks,
    ...(restoredFrames > 0 || known['restoredFrames']
      ? { restoredFrames: restoredFrames + number(known['restoredFrames']) }
      : {}),
    ...(unfinished === true ? { recovered: { addedFrames, changedFrames, unknownFrames } } : {}),
  };
}

function number(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}

function busy(path: string) {
  return {
    code: 'E_BUSY',
    where: 'file',
    got: `${path}, which is being recorded`,
    allowed: 'a take that has ended',
    mend: 'Stop it first: chronus record stop. Nothing was changed.',
  };
}

function notOurs(path: string): Problem {
  const allowed = 'a file with the head this recorder writes';
  return {
    code: 'E_TAKE',
    got: `${path}, whose samples begin elsewhere`,
    allowed,
    mend: 'Its sizes can be repaired.',
  };
}

function diskProblem(path: string, error: unknown): Problem {
  return {
    code: 'E_DISK',
    where: 'file',
    got: `${path} (${(error as Error).message})`,
    allowed: 'a file that can be read and written, on a disk with room',
    mend: 'Make it writable or make room, then send it again: what is right already stays.',
  };
}
