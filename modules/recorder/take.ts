/**
 * One take from its first block to its last: tap ring -> converter -> file, in constant memory. Blocking; runs on:
 * a writer's own thread, which does nothing else.
 */
import { fstatSync, statSync, unlinkSync } from 'node:fs';
import { fail, succeed, type Outcome, type Problem } from '../../engine/shared/outcome.js';
import { CHANNELS, TapReader, type TapMemory } from '../../engine/shared/tap.js';
import { Measures, type Measured } from './measures.js';
import { closeQuietly, createNew, folderProblem, sidecarPath } from './name.js';
import { originOf } from './origin.js';
import { BEHIND, BLOCKS, FRAMES, HOLD, LOST, NEVER, STOP } from './progress.js';
import { readBack, WrittenHash } from './read-back.js';
import { cuesOf, inside, writeSidecar, type Gap, type Mark } from './sidecar-file.js';
import { diskProblem, goneProblem, nothing, sizeProblem } from './take-problems.js';
import { bitsOf, type SampleFormat, type WavFormat } from './wav/format.js';
import { WavWriter } from './wav/wav-writer.js';

/** How long the writer sleeps between two looks at the tap; also how much a SIGKILL can cost. */
const POLL_MS = 50;
/** How often the samples are forced to the disk; how much a power cut can cost. */
const SYNC_MS = 1_000;
/** Places of lost blocks the sidecar names; further ones are only counted. */
const MAX_GAPS = 100;

/** A word of 32 bits that somebody else counts in. */
export interface SharedCounter {
  readonly memory: SharedArrayBuffer;
  readonly word: number;
}

/** Everything a writer has to know; goes to its thread as it is. */
export interface TakeJob {
  readonly tap: TapMemory;
  readonly progress: SharedArrayBuffer;
  readonly sampleRate: number;
  readonly sample: SampleFormat;
  /** Must exist. */
  readonly folder: string;
  /** Clean; the writer numbers it when it is taken. */
  readonly name: string;
  /** First block; the take's first frame is the first of this block. */
  readonly fromBlock: number;
  /** When that frame was played, by the system's clock. */
  readonly started: Date;
  /** Ends the take by itself; absent: until stop. */
  readonly maxFrames?: number;
  /** Blocks that were late, in the whole run. */
  readonly late?: SharedCounter;
  /** Goes into the sidecar as it is: id, run, version, times. */
  readonly about: Readonly<Record<string, string | number>>;
  /** For tests: the file is full after so many frames. */
  readonly limitFrames?: number;
}

/** What is known about a take that has ended. */
export interface TakeSummary extends Omit<Measured, 'hashes'> {
  readonly path: string;
  readonly sample: SampleFormat;
  readonly startFrame: number;
  readonly frames: number;
  readonly seconds: number;
  readonly bytes: number;
  /** The file was read back and holds what was written. */
  readonly verified: boolean;
  /** Absent in replies about long takes: they stand in the sidecar. */
  readonly hashes?: Measured['hashes'];
  /** Blocks of the run that were late while it was written: a card had a gap there, the file has none. */
  readonly lateBlocks: number;
  readonly lostBlocks: number;
  /** The most blocks that ever waited for the disk. */
  readonly mostBehindBlocks: number;
  /** Of what was lost, put back from the journal. */
  readonly restoredFrames?: number;
}

/** A take that ended; with `problem` when it did so against the player's will. */
export interface TakeEnd {
  readonly summary: TakeSummary;
  readonly problem?: Problem;
}

/** What the writer tells and asks while it works. */
export interface TakeCalls {
  /** Once, when the file is there. */
  readonly opened: (path: string) => void;
  /** Once, when the last sample has been taken. */
  readonly closing?: () => void;
  /** When the take is over: what was marked in its time. */
  readonly marks?: () => readonly Mark[];
}

/** Records until told to stop. */
export function recordTake(job: TakeJob, { opened, closing, marks }: TakeCalls): Outcome<TakeEnd> {
  const created = createNew(job.folder, job.name);
  if (!created.ok) return created;
  const { fd, path } = created.value;
  const written = new WrittenHash(formatOf(job));
  let writer: WavWriter;
  try {
    writer = new WavWriter(fd, formatOf(job), {
      startFrame: startFrameOf(job),
      origin: originOf(job),
      onBytes: written.add,
      ...(job.limitFrames === undefined ? {} : { limitFrames: job.limitFrames }),
    });
  } catch (error) {
    closeQuietly(fd);
    unlinkSync(path);
    return fail(folderProblem(job.folder, error));
  }
  const begun = writeSidecar(path, { ...aboutTake(job), unfinished: true });
  if (begun) {
    writer.close();
    removeEmpty(path);
    return fail(begun);
  }
  opened(path);

  const take = new Take(job, writer);
  let problem: Problem | undefined;
  try {
    problem = take.run();
  } catch (error) {
    problem = diskProblem(path, error);
  }
  closing?.();
  return end({ job, path, fd, writer, written, take, marked: marks?.() ?? [], problem });
}

interface Ending {
  readonly job: TakeJob;
  readonly path: string;
  readonly fd: number;
  readonly writer: WavWriter;
  readonly written: WrittenHash;
  readonly take: Take;
  readonly marked: readonly Mark[];
  readonly problem: Problem | undefined;
}

/** Closes the file, reads it back and writes down what is known of it. */
function end({ job, path, fd, writer, written, take, marked, ...before }: Ending): Outcome<TakeEnd> {
  const startFrame = startFrameOf(job);
  const measured = take.measures.end();
  const marks = inside(marked, startFrame, writer.frames);
  let { problem } = before;
  const there = isAt(fd, path);
  try {
    writer.close({ loudness: measured, cues: cuesOf(marks, startFrame) });
  } catch (error) {
    problem ??= diskProblem(path, error);
  }
  const { frames, bytes } = writer;
  take.note(FRAMES, frames);
  // Somebody has removed or replaced it: what lies there now is not ours, and must not pass for a take to be completed.
  if (!there) {
    removeQuietly(sidecarPath(path));
    return fail(goneProblem(path));
  }
  if (frames === 0) {
    removeEmpty(path);
    return fail(problem ?? nothing());
  }
  const checked = readBack(path, { format: formatOf(job), frames, digest: written.end() });
  if (!checked.ok && !problem) problem = checked.error;
  const facts = {
    startFrame,
    frames,
    seconds: frames / job.sampleRate,
    bytes,
    verified: checked.ok,
    lateBlocks: counted(job.late) - take.lateBefore,
    lostBlocks: take.progress[LOST] as number,
    mostBehindBlocks: take.progress[BEHIND] as number,
    ...measured,
  };
  const said = writeSidecar(path, {
    ...aboutTake(job),
    ...facts,
    ended: new Date(job.started.getTime() + facts.seconds * 1000).toISOString(),
    gaps: take.gaps,
    marks,
    ...(problem ? { problem: problem.code } : {}),
  });
  problem ??= said;
  const summary: TakeSummary = { path, sample: job.sample, ...facts };
  return succeed(problem ? { summary, problem } : { summary });
}

class Take {
  readonly #job: TakeJob;
  readonly #writer: WavWriter;
  readonly #reader: TapReader;
  readonly #block: Float32Array;
  readonly #silence: Float32Array;
  readonly progress: Int32Array;
  readonly measures: Measures;
  readonly lateBefore: number;
  readonly gaps: Gap[] = [];

  constructor(job: TakeJob, writer: WavWriter) {
    this.#job = job;
    this.#writer = writer;
    this.#reader = new TapReader(job.tap, job.fromBlock);
    this.#block = new Float32Array(job.tap.blockFrames * CHANNELS);
    this.#silence = new Float32Array(job.tap.blockFrames * CHANNELS);
    this.progress = new Int32Array(job.progress);
    this.lateBefore = counted(job.late);
    this.measures = new Measures(job.sampleRate, CHANNELS);
  }

  /** The loop. Gives back a problem when the file is full; throws what the disk throws. */
  run(): Problem | undefined {
    let synced = performance.now();
    for (;;) {
      const state = this.#drain();
      if (state === 'full') return sizeProblem(this.#writer.bytes);
      if (state === 'done') return undefined;
      const now = performance.now();
      if (now - synced < SYNC_MS) this.#writer.flush();
      else {
        this.#writer.sync();
        synced = now;
      }
      Atomics.store(this.progress, FRAMES, this.#writer.frames);
      Atomics.wait(this.progress, STOP, NEVER, POLL_MS);
    }
  }

  /** Takes what is there, up to the stop. */
  #drain(): 'more' | 'done' | 'full' {
    const reader = this.#reader;
    this.note(BEHIND, Math.max(this.progress[BEHIND] as number, reader.available()));
    for (;;) {
      const expected = reader.block;
      if (expected >= this.#stop()) return 'done';
      if (!reader.read(this.#block)) return 'more';
      const got = reader.block - 1;
      const stop = this.#stop();
      const end =
        this.#fill(expected, Math.min(got, stop)) ?? (got < stop ? this.#append(this.#block) : undefined);
      this.note(BLOCKS, reader.block - this.#job.fromBlock);
      if (end) return end;
    }
  }

  /** The first block that is not recorded, as far as it is decided. Asked after a read: see progress.ts. */
  #stop(): number {
    for (;;) {
      const stop = Atomics.load(this.progress, STOP);
      if (stop !== HOLD) return stop;
      Atomics.wait(this.progress, STOP, HOLD, POLL_MS);
    }
  }

  /** Silence for the blocks that were overwritten, so that everything after them keeps its time. */
  #fill(from: number, to: number): 'done' | 'full' | undefined {
    if (to <= from) return undefined;
    const { blockFrames } = this.#job.tap;
    this.note(LOST, (this.progress[LOST] as number) + to - from);
    if (this.gaps.length < MAX_GAPS)
      this.gaps.push({ frame: from * blockFrames, frames: (to - from) * blockFrames });
    for (let block = from; block < to; block++) {
      const end = this.#append(this.#silence);
      if (end) return end;
    }
    return undefined;
  }

  #append(block: Float32Array): 'done' | 'full' | undefined {
    const { maxFrames = Infinity, tap } = this.#job;
    const wanted = Math.min(tap.blockFrames, maxFrames - this.#writer.frames);
    const fitted = this.#writer.append(block, wanted);
    this.measures.add(block, fitted);
    if (fitted < wanted) return 'full';
    return this.#writer.frames >= maxFrames ? 'done' : undefined;
  }

  note(word: number, value: number): void {
    Atomics.store(this.progress, word, Math.min(value, NEVER));
  }
}

/** True when the open file is the one at that path. */
function isAt(fd: number, path: string): boolean {
  try {
    return statSync(path).ino === fstatSync(fd).ino;
  } catch {
    return false;
  }
}

function counted(counter: SharedCounter | undefined): number {
  return counter ? Atomics.load(new Int32Array(counter.memory), counter.word) : 0;
}

function formatOf({ sampleRate, sample }: TakeJob): WavFormat {
  return { sampleRate, channels: CHANNELS, sample };
}

function startFrameOf({ fromBlock, tap }: TakeJob): number {
  return fromBlock * tap.blockFrames;
}

/** What is known when a take begins; with the file's own length it is enough to render the take again after a kill. */
function aboutTake(job: TakeJob): object {
  const { about, sampleRate, sample, maxFrames } = job;
  return {
    ...about,
    sampleRate,
    channels: CHANNELS,
    sample,
    bits: bitsOf(sample),
    startFrame: startFrameOf(job),
    ...(maxFrames === undefined ? {} : { maxFrames }),
  };
}

/** An empty WAV that stays opens. */
function removeEmpty(path: string): void {
  removeQuietly(sidecarPath(path));
  removeQuietly(path);
}

function removeQuietly(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // Gone, or not to be removed.
  }
}
