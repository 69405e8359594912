/**
 * The recorder as the control plane sees it: starts, stops and describes takes. Runs on the main thread and never
 * touches a sample or waits for a disk; each take has a writer's thread of its own. What decides the music's place in
 * a file is the tap's head at the moment of the command, so a slow thread start or disk changes nothing.
 *
 *      start -> starting -> recording -> stopping -> ended
 *                  \____________\___________\______> error       then the id is free again
 */
import { mkdirSync } from 'node:fs';
import { basename } from 'node:path';
import { describeProblem, fail, succeed, type Outcome, type Problem } from '../../engine/shared/outcome.js';
import { CHANNELS, TapReader, type TapMemory } from '../../engine/shared/tap.js';
import { announceProgress, announceState, type Publish } from './announce.js';
import { automaticName, cleanName, folderProblem } from './name.js';
import { createProgress } from './progress.js';
import type { Mark, TakeEnd, TakeSummary } from './take.js';
import { WAV_BITS, WAV_HEADER_BYTES } from './wav-header.js';
import { ALL, MAX_PREROLL_SECONDS, readStart, readStop, type StartWords } from './words.js';
import { spawnTakeWriter, type SpawnWriter, type TakeWriter } from './writer.js';

/** Takes side by side; each one costs a thread and 150 kB/s of disk. */
export const MAX_TAKES = 16;
/** Takes that have ended and are still told about. */
const REMEMBERED = 16;
/** Marks that are kept for takes that look back on them. */
const KEPT_MARKS = 256;
/** Part of the tap that look-back may use; the rest is time for the writer to come up and for slow disks. */
const LOOK_BACK_PART = 2 / 3;

export type TakeState = 'starting' | 'recording' | 'stopping' | 'ended' | 'error';

/** Told to whoever listens, at every change. */
export interface TakeChange {
  readonly id: string;
  readonly state: TakeState;
  readonly path?: string;
  readonly problem?: Problem;
}

export interface RecorderOptions {
  readonly taps: { readonly master: TapMemory };
  /** Made when it is missing; a link to another disk is fine. */
  readonly recordingsFolder: string;
  readonly sampleRate: number;
  readonly run: {
    /** The folder of this run's journal; its last component goes into sidecars. */
    readonly runFolder: string;
    /** First block of the run: there is nothing before it. */
    readonly startBlock: number;
  };
  readonly engineVersion?: string;
  readonly now: () => Date;
  readonly onChange?: (change: TakeChange) => void;
  /** Takes what is told to whoever subscribed. */
  readonly publish?: Publish;
  readonly spawnWriter?: SpawnWriter;
}

export interface StartReply {
  readonly id: string;
  readonly path: string;
  readonly format: 'wav';
  readonly bits: number;
  readonly sampleRate: number;
  /** Session frame of the first frame in the file. */
  readonly startFrame: number;
  /** What of the look-back is in the file; less than asked when less was there. */
  readonly prerollSeconds: number;
  readonly durationSeconds?: number;
}

export type StopReply = ({ readonly id: string } & TakeSummary) | { readonly takes: readonly object[] };

export interface RecorderStatus {
  readonly recording: boolean;
  readonly takes: readonly object[];
  /** Newest first. */
  readonly ended: readonly object[];
  readonly folder: string;
  /** Memory of the whole process; constant however long a take is. */
  readonly memoryBytes: number;
}

export interface Recorder {
  /** Answers when the file is there. Never rejects. */
  start(args: readonly (string | number)[]): Promise<Outcome<StartReply>>;
  /** Answers when the file is whole. Never rejects. */
  stop(args: readonly (string | number)[]): Promise<Outcome<StopReply>>;
  status(): RecorderStatus;
  /** Something worth knowing happened: every take that covers the frame names it in its sidecar. */
  mark(mark: Mark): void;
  /** Publishes how far each take is; to be called once a second. */
  report(): void;
  /** For the end of the engine: every file is whole when it resolves. */
  stopAll(): Promise<void>;
}

interface Take {
  readonly id: string;
  readonly writer: TakeWriter;
  readonly fromBlock: number;
  state: TakeState;
  path: string;
}

type Stopping = Promise<Outcome<{ readonly id: string } & TakeSummary>>;

interface EndedTake {
  readonly id: string;
  readonly outcome: Outcome<TakeEnd>;
  readonly path: string;
}

export function createRecorder(options: RecorderOptions): Recorder {
  return new Takes(options);
}

class Takes implements Recorder {
  readonly #options: RecorderOptions;
  readonly #tap: TapReader;
  readonly #active = new Map<string, Take>();
  readonly #ended: EndedTake[] = [];
  readonly #marks: Mark[] = [];
  /** Takes that failed while nobody waited for them; told once to whoever stops that id. */
  readonly #untold = new Map<string, Problem>();

  constructor(options: RecorderOptions) {
    this.#options = options;
    this.#tap = new TapReader(options.taps.master);
  }

  async start(args: readonly (string | number)[]): Promise<Outcome<StartReply>> {
    const head = this.#tap.head();
    const words = readStart(args);
    if (!words.ok) return words;
    const { id } = words.value;
    const busy = this.#busy(id);
    if (busy) return fail(busy);
    const name = cleanName(words.value.name ?? automaticName(this.#options.now()));
    if (!name.ok) return name;
    try {
      mkdirSync(this.#options.recordingsFolder, { recursive: true });
    } catch (error) {
      return fail(folderProblem(this.#options.recordingsFolder, error));
    }
    return this.#begin(words.value, name.value, head);
  }

  async #begin(words: StartWords, name: string, head: number): Promise<Outcome<StartReply>> {
    const { sampleRate, run, taps, now, engineVersion = 'unknown' } = this.#options;
    const { id } = words;
    const fromBlock = this.#lookBack(head, words.prerollSeconds);
    const prerollFrames = (head - fromBlock) * taps.master.blockFrames;
    const { durationSeconds } = words;
    const writer = (this.#options.spawnWriter ?? spawnTakeWriter)({
      tap: taps.master,
      progress: createProgress(),
      sampleRate,
      folder: this.#options.recordingsFolder,
      name,
      fromBlock,
      ...(durationSeconds === undefined
        ? {}
        : { maxFrames: prerollFrames + Math.max(1, Math.round(durationSeconds * sampleRate)) }),
      about: { id, run: basename(run.runFolder), engineVersion, started: now().toISOString() },
    });
    for (const mark of this.#marks) writer.mark(mark);
    const take: Take = { id, writer, fromBlock, state: 'starting', path: '' };
    this.#active.set(id, take);
    this.#tell(take);
    void writer.ended.then((outcome) => this.#finish(take, outcome));

    const opened = await writer.opened;
    if (!opened.ok) {
      this.#untold.delete(id);
      return opened;
    }
    take.path = opened.value;
    if (take.state === 'starting') {
      take.state = 'recording';
      this.#tell(take);
    }
    const reply: StartReply = {
      id,
      path: take.path,
      format: words.format,
      bits: WAV_BITS,
      sampleRate,
      startFrame: fromBlock * taps.master.blockFrames,
      prerollSeconds: prerollFrames / sampleRate,
      ...(durationSeconds === undefined ? {} : { durationSeconds }),
    };
    return succeed(
      reply,
      shortened(words.prerollSeconds, reply.prerollSeconds, taps.master.blockFrames / sampleRate),
    );
  }

  async stop(args: readonly (string | number)[]): Promise<Outcome<StopReply>> {
    const id = readStop(args);
    if (!id.ok) return id;
    if (id.value === ALL && this.#active.size > 0) {
      const outcomes = await Promise.all(this.#stopTakes([...this.#active.values()]));
      const takes = outcomes.map((outcome) =>
        outcome.ok ? outcome.value : { problem: describeProblem(outcome.error) },
      );
      return succeed(
        { takes },
        outcomes.flatMap((outcome) => (outcome.ok ? outcome.warnings : [])),
      );
    }
    const take = this.#active.get(id.value);
    if (take) return this.#stopTakes([take])[0] as Stopping;
    const untold = this.#untold.get(id.value);
    this.#untold.delete(id.value);
    return fail(untold ?? this.#idle(id.value));
  }

  status(): RecorderStatus {
    const { blockFrames } = this.#options.taps.master;
    const head = this.#tap.head();
    const takes = [...this.#active.values()].map((take) => {
      const { frames, blocks, ...counts } = take.writer.progress();
      return {
        id: take.id,
        state: take.state,
        path: take.path,
        startFrame: take.fromBlock * blockFrames,
        frames,
        seconds: frames / this.#options.sampleRate,
        bytes: fileBytes(frames),
        blocks,
        waitingBlocks: Math.max(0, head - take.fromBlock - blocks),
        ...counts,
      };
    });
    return {
      recording: takes.length > 0,
      takes,
      ended: this.#ended.map(describeEnded),
      folder: this.#options.recordingsFolder,
      memoryBytes: process.memoryUsage.rss(),
    };
  }

  mark(mark: Mark): void {
    this.#marks.push(mark);
    if (this.#marks.length > KEPT_MARKS) this.#marks.shift();
    for (const { writer } of this.#active.values()) writer.mark(mark);
  }

  report(): void {
    const { publish, sampleRate } = this.#options;
    if (!publish) return;
    for (const { id, state, writer } of this.#active.values()) {
      const { frames } = writer.progress();
      if (state === 'recording') announceProgress(publish, id, frames / sampleRate, fileBytes(frames));
    }
  }

  async stopAll(): Promise<void> {
    await Promise.all(this.#stopTakes([...this.#active.values()]));
  }

  /** Ends the takes at one and the same block: the one that is being played. */
  #stopTakes(takes: readonly Take[]): Stopping[] {
    for (const take of takes) take.writer.hold();
    const head = this.#tap.head();
    for (const take of takes) take.writer.stop(head);
    return takes.map((take) => this.#ending(take));
  }

  /** Asked twice, both get the same answer. */
  async #ending(take: Take): Stopping {
    if (take.state !== 'stopping') {
      take.state = 'stopping';
      this.#tell(take);
    }
    const outcome = await take.writer.ended;
    this.#untold.delete(take.id);
    if (!outcome.ok) return outcome;
    const { summary, problem } = outcome.value;
    return succeed({ id: take.id, ...summary }, problem ? [describeProblem(problem)] : []);
  }

  #finish(take: Take, outcome: Outcome<TakeEnd>): void {
    const problem = outcome.ok ? outcome.value.problem : outcome.error;
    take.state = problem ? 'error' : 'ended';
    this.#active.delete(take.id);
    this.#ended.unshift({ id: take.id, outcome, path: outcome.ok ? outcome.value.summary.path : take.path });
    this.#ended.length = Math.min(this.#ended.length, REMEMBERED);
    if (problem) this.#untold.set(take.id, problem);
    else this.#untold.delete(take.id);
    this.#tell(take, problem);
  }

  /** The first block for so much look-back: what is asked, what is in the tap, what was ever played. */
  #lookBack(head: number, seconds: number): number {
    const { master } = this.#options.taps;
    const perBlock = master.blockFrames / this.#options.sampleRate;
    const kept = Math.min(
      Math.ceil(MAX_PREROLL_SECONDS / perBlock),
      Math.floor(master.blocks * LOOK_BACK_PART),
    );
    const wanted = Math.min(Math.ceil(seconds / perBlock), kept);
    return Math.min(head, Math.max(this.#options.run.startBlock, head - wanted));
  }

  #busy(id: string): Problem | undefined {
    const take = this.#active.get(id);
    if (take) {
      return {
        code: 'E_BUSY',
        where: 'id',
        got: `a second start of '${id}'`,
        allowed: 'one take per id',
        mend: `It goes on${take.path === '' ? '' : ` in ${take.path}`}. Send /record/stop ${id} first, or id=OTHER for one beside it.`,
      };
    }
    if (this.#active.size < MAX_TAKES) return undefined;
    return {
      code: 'E_BUSY',
      got: `take number ${MAX_TAKES + 1}`,
      allowed: `${MAX_TAKES} takes side by side`,
      mend: `Stop one of them: ${[...this.#active.keys()].join(', ')}.`,
    };
  }

  #idle(id: string): Problem {
    const last = this.#ended.find((ended) => ended.id === id);
    const before = last ? ` The last one is ${last.path}.` : '';
    const running = [...this.#active.keys()].join(', ');
    return {
      code: 'E_IDLE',
      where: 'id',
      got: `stop of '${id}', which does not record`,
      allowed: running === '' ? 'nothing: no take is running' : running,
      mend: `Start one with /record/start.${before}`,
    };
  }

  #tell(take: Take, problem?: Problem): void {
    const { id, state, path } = take;
    if (this.#options.publish) announceState(this.#options.publish, id, state, problem);
    this.#options.onChange?.({
      id,
      state,
      ...(path === '' ? {} : { path }),
      ...(problem ? { problem } : {}),
    });
  }
}

function fileBytes(frames: number): number {
  return WAV_HEADER_BYTES + (frames * CHANNELS * WAV_BITS) / 8;
}

function describeEnded({ id, outcome, path }: EndedTake): object {
  if (!outcome.ok) return { id, state: 'error', path, problem: describeProblem(outcome.error) };
  const { summary, problem } = outcome.value;
  return problem
    ? { id, state: 'error', ...summary, problem: describeProblem(problem) }
    : { id, state: 'ended', ...summary };
}

function shortened(wanted: number, given: number, blockSeconds: number): string[] {
  if (given > wanted - blockSeconds) return [];
  return [`preroll=${wanted} shortened to ${given.toFixed(2)} s: that is all there is to look back on`];
}
