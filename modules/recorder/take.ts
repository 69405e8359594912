/**
 * One take from its first block to its last: tap ring -> converter -> file, in constant memory. Blocking; runs on:
 * a writer's own thread, which does nothing else.
 */
import { renameSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { CHANNELS, TapReader, type TapMemory } from '../../engine/shared/tap.js';
import { fail, succeed, type Outcome, type Problem } from '../../engine/shared/outcome.js';
import { Levels } from './levels.js';
import { closeQuietly, codeOf, createNew, folderProblem, sidecarPath } from './name.js';
import { BEHIND, BLOCKS, FRAMES, HOLD, LOST, NEVER, STOP } from './progress.js';
import { WAV_BITS } from './wav-header.js';
import { WavWriter } from './wav-writer.js';

/** How long the writer sleeps between two looks at the tap; also how much a SIGKILL can cost. */
const POLL_MS = 50;
/** How often the samples are forced to the disk; how much a power cut can cost. */
const SYNC_MS = 1_000;
/** Places of lost blocks the sidecar names; further ones are only counted. */
const MAX_GAPS = 100;

/** Everything a writer has to know; goes to its thread as it is. */
export interface TakeJob {
  readonly tap: TapMemory;
  readonly progress: SharedArrayBuffer;
  readonly sampleRate: number;
  /** Must exist. */
  readonly folder: string;
  /** Clean; the writer numbers it when it is taken. */
  readonly name: string;
  /** First block; the take's first frame is the first of this block. */
  readonly fromBlock: number;
  /** Ends the take by itself; absent: until stop. */
  readonly maxFrames?: number;
  /** Goes into the sidecar as it is: id, run, version, times. */
  readonly about: Readonly<Record<string, string | number>>;
  /** For tests: the file is full after so many frames. */
  readonly limitFrames?: number;
}

/** Something that happened while the take ran, at a frame of the session. */
export interface Mark {
  readonly kind: string;
  readonly frame: number;
  readonly text: string;
}

/** What is known about a take that has ended. Levels in dB of full scale, null for digital silence. */
export interface TakeSummary {
  readonly path: string;
  readonly startFrame: number;
  readonly frames: number;
  readonly seconds: number;
  readonly bytes: number;
  readonly peakDb: number | null;
  readonly rmsDb: number | null;
  /** Samples beyond full scale, written as full scale. */
  readonly clippedSamples: number;
  readonly lostBlocks: number;
  /** The most blocks that ever waited for the disk. */
  readonly mostBehindBlocks: number;
}

/** A take that ended; with `problem` when it did so against the player's will. */
export interface TakeEnd {
  readonly summary: TakeSummary;
  readonly problem?: Problem;
}

/**
 * Records until told to stop. `opened` is called once, when the file is there; `marks` when the take is over, for what was
 * marked in its time.
 */
export function recordTake(
  job: TakeJob,
  opened: (path: string) => void,
  marks: () => readonly Mark[] = () => [],
): Outcome<TakeEnd> {
  const created = createNew(job.folder, job.name);
  if (!created.ok) return created;
  const { fd, path } = created.value;
  let writer: WavWriter;
  try {
    writer = new WavWriter(fd, { sampleRate: job.sampleRate, channels: CHANNELS }, job.limitFrames);
  } catch (error) {
    closeQuietly(fd);
    unlinkSync(path);
    return fail(folderProblem(job.folder, error));
  }
  const begun = writeSidecar(path, { ...aboutTake(job), unfinished: true });
  opened(path);

  const take = new Take(job, writer);
  let problem: Problem | undefined;
  try {
    problem = take.run();
  } catch (error) {
    problem = diskProblem(path, error);
  }
  try {
    writer.close();
  } catch (error) {
    problem ??= diskProblem(path, error);
  }
  const summary = take.summary(path);
  if (summary.frames === 0) return nothing(path, problem);
  const { path: _, ...facts } = summary;
  problem ??=
    writeSidecar(path, { ...aboutTake(job), ...facts, gaps: take.gaps, marks: inside(marks(), summary) }) ??
    begun;
  return succeed(problem ? { summary, problem } : { summary });
}

class Take {
  readonly #job: TakeJob;
  readonly #writer: WavWriter;
  readonly #reader: TapReader;
  readonly #progress: Int32Array;
  readonly #block: Float32Array;
  readonly #silence: Float32Array;
  readonly #levels = new Levels();
  readonly gaps: { readonly frame: number; readonly frames: number }[] = [];

  constructor(job: TakeJob, writer: WavWriter) {
    this.#job = job;
    this.#writer = writer;
    this.#reader = new TapReader(job.tap, job.fromBlock);
    this.#progress = new Int32Array(job.progress);
    this.#block = new Float32Array(job.tap.blockFrames * CHANNELS);
    this.#silence = new Float32Array(job.tap.blockFrames * CHANNELS);
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
      Atomics.store(this.#progress, FRAMES, this.#writer.frames);
      Atomics.wait(this.#progress, STOP, NEVER, POLL_MS);
    }
  }

  /** Takes what is there, up to the stop. */
  #drain(): 'more' | 'done' | 'full' {
    const reader = this.#reader;
    this.#note(BEHIND, Math.max(this.#progress[BEHIND] as number, reader.available()));
    for (;;) {
      const expected = reader.block;
      if (expected >= this.#stop()) return 'done';
      if (!reader.read(this.#block)) return 'more';
      const got = reader.block - 1;
      const stop = this.#stop();
      const end =
        this.#fill(expected, Math.min(got, stop)) ?? (got < stop ? this.#append(this.#block) : undefined);
      this.#note(BLOCKS, reader.block - this.#job.fromBlock);
      if (end) return end;
    }
  }

  /** The first block that is not recorded, as far as it is decided. Asked after a read: see progress.ts. */
  #stop(): number {
    for (;;) {
      const stop = Atomics.load(this.#progress, STOP);
      if (stop !== HOLD) return stop;
      Atomics.wait(this.#progress, STOP, HOLD, POLL_MS);
    }
  }

  /** Silence for the blocks that were overwritten, so that everything after them keeps its time. */
  #fill(from: number, to: number): 'done' | 'full' | undefined {
    if (to <= from) return undefined;
    const { blockFrames } = this.#job.tap;
    this.#note(LOST, (this.#progress[LOST] as number) + to - from);
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
    this.#levels.add(block, fitted * CHANNELS);
    if (fitted < wanted) return 'full';
    return this.#writer.frames >= maxFrames ? 'done' : undefined;
  }

  summary(path: string): TakeSummary {
    const { frames, bytes } = this.#writer;
    this.#note(FRAMES, frames);
    return {
      path,
      startFrame: this.#job.fromBlock * this.#job.tap.blockFrames,
      frames,
      seconds: frames / this.#job.sampleRate,
      bytes,
      peakDb: this.#levels.peakDb,
      rmsDb: this.#levels.rmsDb,
      clippedSamples: this.#levels.clipped,
      lostBlocks: this.#progress[LOST] as number,
      mostBehindBlocks: this.#progress[BEHIND] as number,
    };
  }

  #note(word: number, value: number): void {
    Atomics.store(this.#progress, word, Math.min(value, NEVER));
  }
}

/** A take that ended by itself may have been told of what came after it. */
function inside(marks: readonly Mark[], { startFrame, frames }: TakeSummary): readonly Mark[] {
  return marks.filter(({ frame }) => frame >= startFrame && frame < startFrame + frames);
}

/** What is known when a take begins; with the file's own length it is enough to render the take again after a kill. */
function aboutTake({ about, sampleRate, fromBlock, tap }: TakeJob): object {
  return {
    ...about,
    sampleRate,
    channels: CHANNELS,
    bits: WAV_BITS,
    startFrame: fromBlock * tap.blockFrames,
  };
}

/** `<file>.json` beside the file, whole or not at all. Its name was free when the file was made. */
function writeSidecar(path: string, content: object): Problem | undefined {
  const temp = `${sidecarPath(path)}.tmp`;
  try {
    writeFileSync(temp, `${JSON.stringify(content, null, 2)}\n`);
    renameSync(temp, sidecarPath(path));
    return undefined;
  } catch (error) {
    rmSync(temp, { force: true });
    return diskProblem(path, error);
  }
}

function nothing(path: string, problem: Problem | undefined): Outcome<never> {
  try {
    rmSync(sidecarPath(path), { force: true });
    unlinkSync(path);
  } catch {
    // An empty WAV stays then; it opens.
  }
  return fail(
    problem ?? {
      code: 'E_EMPTY',
      got: 'no audio',
      allowed: 'at least one block between start and stop',
      mend: 'The engine played nothing while the take ran; the empty file was removed. Look at /engine/status.',
    },
  );
}

function diskProblem(path: string, error: unknown): Problem {
  return {
    code: codeOf(error) === 'ENOSPC' ? 'E_FULL' : 'E_DISK',
    got: `${codeOf(error)} while writing ${path}`,
    allowed: 'a disk that takes the samples',
    mend: 'The take has ended; the file holds what came before and opens. Make room, then start again. The music goes on.',
  };
}

function sizeProblem(bytes: number): Problem {
  return {
    code: 'E_SIZE',
    got: `a file of ${bytes} bytes`,
    allowed: 'at most 4 GiB in one WAV file',
    mend: 'The take has ended and its file is whole. Start another one; dur= ends takes before that.',
  };
}
