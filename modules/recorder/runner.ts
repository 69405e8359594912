/** One take from the first look at the disk to the end of its file. Runs on: main thread; never blocks it. */
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { fail, succeed, type Outcome } from '../../engine/shared/outcome.js';
import { IDENTITY } from '../../engine/shared/process-identity.js';
import { CHANNELS, TapReader } from '../../engine/shared/tap.js';
import { FolderLock } from './folder-lock.js';
import { preFlight } from './pre-flight.js';
import type { TakeProgress } from './progress.js';
import type { RecorderOptions, TakeNote } from './recorder.js';
import type { Mark } from './sidecar-file.js';
import type { TakeMachine } from './states.js';
import type { TakeEnd, TakeJob, TakeSummary } from './take.js';
import { bytesPerFrame, type SampleFormat } from './wav/format.js';
import type { FileWords } from './words.js';
import { spawnTakeWriter, WRITER_DIED, type TakeWriter } from './writer.js';

export interface Take {
  readonly id: string;
  readonly machine: TakeMachine;
  readonly progress: TakeProgress;
  readonly fromBlock: number;
  readonly sample: SampleFormat;
  /** Settles when the take is over and its id free again. */
  readonly ended: Promise<Outcome<TakeEnd>>;
  writer?: TakeWriter;
  path: string;
}

/** What a take is made from: words, and where in the tap. */
export interface Plan {
  readonly id: string;
  readonly file: FileWords;
  readonly name: string;
  /** The tap's head when the command came, and the time. */
  readonly head: number;
  readonly at: Date;
  readonly fromBlock: number;
  readonly durationSeconds?: number | undefined;
  /** It ends with `head`: nothing of what is to come is recorded. */
  readonly past: boolean;
}

export interface RunCalls {
  /** Once, when the file is there or will never be. */
  readonly opened: (outcome: Outcome<string>) => void;
  /** What has been marked already. */
  readonly marks: () => readonly Mark[];
}

export interface Ended {
  readonly outcome: Outcome<TakeEnd>;
  /** Whoever started it has got the problem as the answer. */
  readonly told: boolean;
}

export class TakeRunner {
  readonly #options: RecorderOptions;
  readonly #lock: FolderLock;

  constructor(options: RecorderOptions) {
    this.#options = options;
    this.#lock = new FolderLock(options.recordingsFolder, basename(options.run.runFolder));
  }

  /** Never rejects: whatever happens to a take ends this take and nothing else. */
  async run(take: Take, plan: Plan, calls: RunCalls): Promise<Ended> {
    try {
      return await this.#run(take, plan, calls);
    } catch (error) {
      const outcome = fail(broken(error));
      calls.opened(outcome);
      return { outcome, told: false };
    }
  }

  async #run(take: Take, plan: Plan, calls: RunCalls): Promise<Ended> {
    const cleared = await this.#clear(plan);
    if (!cleared.ok) {
      calls.opened(cleared);
      return { outcome: cleared, told: true };
    }
    try {
      return await this.#write(take, plan, calls, cleared.warnings);
    } finally {
      this.#lock.release();
    }
  }

  async #write(take: Take, plan: Plan, calls: RunCalls, warnings: readonly string[]): Promise<Ended> {
    const writer = (this.#options.spawnWriter ?? spawnTakeWriter)(this.#job(take, plan), () =>
      take.machine.move('STOPPING'),
    );
    take.writer = writer;
    for (const mark of calls.marks()) writer.mark(mark);
    const file = await writer.opened;
    if (file.ok) {
      take.path = file.value;
      this.#options.onTake?.(this.#note('start', take, this.#frameOf(take.fromBlock)));
      if (take.machine.state === 'STARTING') take.machine.move('RECORDING');
    }
    calls.opened(file.ok ? succeed(file.value, warnings) : file);
    const outcome = await writer.ended;
    if (!file.ok) return { outcome, told: true };
    const endFrame = outcome.ok ? endOf(outcome.value.summary) : this.#plannedEnd(take, plan);
    this.#options.onTake?.(this.#note('stop', take, endFrame));
    return { outcome: await this.#restored(take, outcome, endFrame), told: false };
  }

  /** The disk, and the lock of the folder; in this order, as the folder may have to be made. */
  async #clear({ file, durationSeconds, head, fromBlock, past }: Plan): Promise<Outcome<unknown>> {
    const { recordingsFolder, sampleRate, reserveBytes } = this.#options;
    const look = (this.#frameOf(head) - this.#frameOf(fromBlock)) / sampleRate;
    const seconds = past ? look : durationSeconds === undefined ? undefined : look + durationSeconds;
    const { sample } = file;
    const cleared = await preFlight({
      folder: recordingsFolder,
      bytesPerSecond: sampleRate * bytesPerFrame({ sampleRate, channels: CHANNELS, sample }),
      ...(reserveBytes === undefined ? {} : { reserveBytes }),
      ...(seconds === undefined ? {} : { seconds }),
    });
    if (!cleared.ok) return cleared;
    const locked = this.#lock.take();
    return locked.ok ? cleared : locked;
  }

  #job(take: Take, { name, head, at, durationSeconds, file }: Plan): TakeJob {
    const { sampleRate, run, taps, engineVersion = 'unknown', recordingsFolder, late } = this.#options;
    const { id, fromBlock, progress } = take;
    const back = this.#frameOf(head) - this.#frameOf(fromBlock);
    const started = new Date(at.getTime() - (back * 1000) / sampleRate);
    return {
      tap: taps.master,
      progress: progress.memory,
      sampleRate,
      sample: file.sample,
      folder: recordingsFolder,
      name,
      fromBlock,
      started,
      ...(late === undefined ? {} : { late }),
      ...(durationSeconds === undefined
        ? {}
        : { maxFrames: back + Math.max(1, Math.round(durationSeconds * sampleRate)) }),
      about: {
        id,
        run: basename(run.runFolder),
        journal: run.runFolder,
        engineVersion,
        ...IDENTITY,
        started: started.toISOString(),
      },
    };
  }

  /** Where a take would have ended whose writer has died: at its stop, or now. */
  #plannedEnd({ progress, fromBlock }: Take, { durationSeconds, head }: Plan): number {
    const { taps, sampleRate } = this.#options;
    const stop = progress.stopBlock ?? new TapReader(taps.master).head();
    const most =
      durationSeconds === undefined
        ? Infinity
        : this.#frameOf(head) + Math.max(1, Math.round(durationSeconds * sampleRate));
    return Math.max(this.#frameOf(fromBlock), Math.min(this.#frameOf(stop), most));
  }

  /** What the writer could not hold is put back, where there is a journal to do it with. */
  async #restored(take: Take, outcome: Outcome<TakeEnd>, endFrame: number): Promise<Outcome<TakeEnd>> {
    const { restore, sampleRate } = this.#options;
    // Of the takes that failed only those whose writer died have a file of theirs to be completed.
    const lost = outcome.ok
      ? outcome.value.summary.lostBlocks > 0 && !outcome.value.problem
      : outcome.error.code === WRITER_DIED;
    if (!restore || !lost) return outcome;
    const mended = await restore(take.path, endFrame);
    if (!mended.ok) return outcome;
    const { frames, restoredFrames, measured } = mended.value;
    const { sample, path, progress, fromBlock } = take;
    const summary: TakeSummary = {
      path,
      sample,
      startFrame: this.#frameOf(fromBlock),
      lateBlocks: 0,
      lostBlocks: progress.lostBlocks,
      mostBehindBlocks: progress.mostBehindBlocks,
      ...(outcome.ok ? outcome.value.summary : {}),
      frames,
      seconds: frames / sampleRate,
      bytes: (await stat(path)).size,
      verified: true,
      restoredFrames,
      ...measured,
    };
    return succeed(outcome.ok ? { summary } : { summary, problem: outcome.error });
  }

  #frameOf(block: number): number {
    return block * this.#options.taps.master.blockFrames;
  }

  #note(event: TakeNote['event'], { id, path }: Take, frame: number): TakeNote {
    return { event, id, file: basename(path), frame };
  }
}

function broken(error: unknown) {
  return {
    code: 'E_RECORDER',
    got: error instanceof Error ? error.message : String(error),
    allowed: 'a take that can be begun and ended',
    mend: 'The music goes on. Look after the folder of the takes, then start another one.',
  };
}

function endOf({ startFrame, frames }: TakeSummary): number {
  return startFrame + frames;
}
