/**
 * The recorder as the control plane sees it: starts, keeps, marks, stops and describes takes. Runs on the main thread
 * and never touches a sample or waits for a disk; each take has a writer's thread of its own. What decides the music's
 * place in a file is the tap's head at the moment of the command, so a slow thread start or disk changes nothing.
 * States of a take: states.ts.
 */
import { basename } from 'node:path';
import { describeProblem, fail, succeed, type Outcome, type Problem } from '../../engine/shared/outcome.js';
import { LOOK_BACK_SECONDS, TapReader } from '../../engine/shared/tap.js';
import { announceError, announceProgress, announceState, announceWarning } from './announce.js';
import { describeEnded, describeRunning, fileBytes, forReply, type EndedTake } from './describe.js';
import { automaticName, cleanName } from './name.js';
import { TakeProgress } from './progress.js';
import type {
  EndReply,
  Recorder,
  RecorderOptions,
  RecorderStatus,
  StartReply,
  StopReply,
} from './recorder.js';
import { TakeRunner, type Plan, type Take } from './runner.js';
import type { Mark } from './sidecar-file.js';
import { listTakes } from './sidecars.js';
import { SpaceWatch } from './space-watch.js';
import { busyProblem, idleProblem, nothingYet, shortened } from './refusals.js';
import { TakeMachine, type TakeState } from './states.js';
import type { TakeEnd } from './take.js';
import { bitsOf } from './wav/format.js';
import {
  ALL,
  readKeep,
  readMark,
  readStart,
  readStop,
  type Args,
  type FileWords,
  type StartWords,
} from './words.js';

/** Takes that have ended and are still told about. */
const REMEMBERED = 16;
/** Marks that are kept for takes that look back on them. */
const KEPT_MARKS = 256;
/** The id of what /record/keep saves; a number follows while one is being written. */
const KEEP_ID = 'keep';

/** Of a small tap a third is time for the writer to come up and for slow disks, of a large one 30 s. */
const SPARE_PART = 1 / 3;
const SPARE_SECONDS = 30;

export function createRecorder(options: RecorderOptions): Recorder {
  return new Takes(options);
}

class Takes implements Recorder {
  readonly #options: RecorderOptions;
  readonly #tap: TapReader;
  readonly #runner: TakeRunner;
  readonly #space: SpaceWatch;
  readonly #active = new Map<string, Take>();
  /** Of takes that failed while nobody waited for them: the state of the id, told once to whoever stops it. */
  readonly #failed = new Map<string, { readonly machine: TakeMachine; readonly problem: Problem }>();
  readonly #ended: EndedTake[] = [];
  readonly #marks: Mark[] = [];
  #sequence = 0;

  constructor(options: RecorderOptions) {
    const { recordingsFolder, reserveBytes } = options;
    this.#options = options;
    this.#tap = new TapReader(options.taps.master);
    this.#runner = new TakeRunner(options);
    this.#space = new SpaceWatch(recordingsFolder, reserveBytes, (code, sentence) =>
      this.#warn(code, sentence),
    );
  }

  async start(args: Args): Promise<Outcome<StartReply>> {
    const head = this.#tap.head();
    const words = readStart(args, this.#lookBackSeconds);
    if (!words.ok) return words;
    const { id, prerollSeconds, durationSeconds } = words.value;
    const fromBlock = this.#lookBack(head, prerollSeconds);
    const planned = this.#plan(words.value, { id, head, fromBlock, durationSeconds, past: false });
    if (!planned.ok) return planned;
    const { take, opened } = this.#begin(planned.value);
    const done = await opened;
    if (!done.ok) {
      // The id is free again when this is answered.
      await take.ended;
      return done;
    }
    const reply = this.#startReply(take, words.value, head);
    const { blockFrames } = this.#options.taps.master;
    const warnings = shortened(prerollSeconds, reply.prerollSeconds, blockFrames / this.#options.sampleRate);
    return succeed(reply, [...done.warnings, ...warnings]);
  }

  async keep(args: Args): Promise<Outcome<EndReply>> {
    const head = this.#tap.head();
    const words = readKeep(args, this.#lookBackSeconds);
    if (!words.ok) return words;
    const { seconds } = words.value;
    const fromBlock = this.#lookBack(head, seconds);
    if (fromBlock === head) return fail(nothingYet());
    const planned = this.#plan(words.value, { id: this.#freeKeepId(), head, fromBlock, past: true });
    if (!planned.ok) return planned;
    const { take, opened } = this.#begin(planned.value);
    const [done, outcome] = [await opened, await take.ended];
    this.#failed.delete(take.id);
    const ended = this.#endReply(take.id, outcome);
    if (!ended.ok || !done.ok) return ended;
    const { blockFrames } = this.#options.taps.master;
    const blockSeconds = blockFrames / this.#options.sampleRate;
    const all = args.length === 0 ? [] : shortened(seconds, (head - fromBlock) * blockSeconds, blockSeconds);
    return succeed(ended.value, [...done.warnings, ...ended.warnings, ...all]);
  }

  async stop(args: Args): Promise<Outcome<StopReply>> {
    const id = readStop(args);
    if (!id.ok) return id;
    if (id.value === ALL && this.#active.size > 0) {
      const ended = await Promise.all(this.#stopTakes([...this.#active.values()]));
      const takes = ended.map((each) => (each.ok ? each.value : { problem: describeProblem(each.error) }));
      return succeed(
        { takes },
        ended.flatMap((each) => (each.ok ? each.warnings : [])),
      );
    }
    const take = this.#active.get(id.value);
    if (take) return this.#stopTakes([take])[0] as Promise<Outcome<EndReply>>;
    const failed = this.#failed.get(id.value);
    if (!failed) return fail(idleProblem('stop', id.value, this.#active, this.#ended));
    this.#failed.delete(id.value);
    failed.machine.move('IDLE');
    return fail(failed.problem);
  }

  cue(args: Args): Outcome<object> {
    const words = readMark(args);
    if (!words.ok) return words;
    const { text, id } = words.value;
    // One that has its end already (a keep, a take that is being stopped) hears nothing of this moment.
    const takes = [...this.#active.values()].filter(
      (take) => (id === undefined || take.id === id) && take.progress.stopBlock === undefined,
    );
    if (takes.length === 0) return fail(idleProblem('mark', id ?? ALL, this.#active, this.#ended));
    const frame = this.#tap.head() * this.#options.taps.master.blockFrames;
    const mark: Mark = { kind: 'mark', frame, text };
    if (id === undefined) this.mark(mark);
    else {
      this.#options.onMark?.(mark);
      for (const { writer } of takes) writer?.mark(mark);
    }
    return succeed({
      text,
      frame,
      takes: takes.map((take) => ({
        id: take.id,
        seconds: (frame - this.#frameOf(take.fromBlock)) / this.#options.sampleRate,
      })),
    });
  }

  status(id?: string): RecorderStatus {
    const { recordingsFolder, sampleRate, taps } = this.#options;
    const head = this.#tap.head();
    const mine = (each: { readonly id: string }): boolean => id === undefined || each.id === id;
    const takes = [...this.#active.values()]
      .filter(mine)
      .map((take) =>
        describeRunning({ ...take, state: take.machine.state }, head, taps.master.blockFrames, sampleRate),
      );
    return {
      recording: takes.length > 0,
      takes,
      ended: this.#ended.filter(mine).map(describeEnded),
      folder: recordingsFolder,
      lookBackSeconds: this.#lookBackSeconds,
      memoryBytes: process.memoryUsage.rss(),
    };
  }

  isRecording(): boolean {
    return this.#active.size > 0;
  }

  async list(): Promise<Outcome<object>> {
    const { recordingsFolder } = this.#options;
    const listed = await listTakes(recordingsFolder);
    const { takes: active } = this.status();
    return succeed({ active, ...listed, folder: recordingsFolder });
  }

  mark(mark: Mark): void {
    this.#options.onMark?.(mark);
    this.#marks.push(mark);
    if (this.#marks.length > KEPT_MARKS) this.#marks.shift();
    for (const { writer } of this.#active.values()) writer?.mark(mark);
  }

  report(): void {
    const { publish, sampleRate } = this.#options;
    for (const { id, machine, progress, sample } of this.#active.values()) {
      const { frames } = progress;
      if (publish && machine.state === 'RECORDING')
        announceProgress(publish, id, frames / sampleRate, fileBytes(sample, frames));
    }
    if (this.#active.size > 0) void this.#space.look();
  }

  async stopAll(): Promise<void> {
    await Promise.all(this.#stopTakes([...this.#active.values()]));
  }

  get #lookBackSeconds(): number {
    return this.#options.lookBackSeconds ?? LOOK_BACK_SECONDS;
  }

  #frameOf(block: number): number {
    return block * this.#options.taps.master.blockFrames;
  }

  /** Everything that can be refused without looking at the disk. */
  #plan(file: FileWords, place: Omit<Plan, 'file' | 'name' | 'at'>): Outcome<Plan> {
    const busy = busyProblem(place.id, this.#active);
    if (busy) return fail(busy);
    const { style, project } = file;
    const at = this.#options.now();
    const wanted = file.name ?? automaticName(at, style, project, this.#sequence + 1);
    const name = cleanName(wanted);
    return name.ok ? succeed({ ...place, at, file, name: name.value }) : name;
  }

  /** Takes the id at once; all that can last follows. */
  #begin(plan: Plan): { readonly take: Take; readonly opened: Promise<Outcome<string>> } {
    const { id, fromBlock, head, past } = plan;
    this.#sequence++;
    const failed = this.#failed.get(id);
    this.#failed.delete(id);
    const machine = failed?.machine ?? new TakeMachine((_, to) => this.#tell(take, to));
    const progress = new TakeProgress();
    if (past) {
      progress.hold();
      progress.stop(head);
    }
    let openedWith: (outcome: Outcome<string>) => void = () => undefined;
    let endedWith: (outcome: Outcome<TakeEnd>) => void = () => undefined;
    const opened = new Promise<Outcome<string>>((resolve) => (openedWith = resolve));
    const ended = new Promise<Outcome<TakeEnd>>((resolve) => (endedWith = resolve));
    const { sample } = plan.file;
    const take: Take = { id, machine, progress, fromBlock, sample, ended, path: '' };
    this.#active.set(id, take);
    machine.move('STARTING');
    const calls = { opened: openedWith, marks: () => this.#marks };
    void this.#runner
      .run(take, plan, calls)
      .then(({ outcome, told }) => endedWith(this.#finish(take, outcome, told)));
    return { take, opened };
  }

  /** `told`: whoever started it has got the problem as the answer. */
  #finish(take: Take, outcome: Outcome<TakeEnd>, told: boolean): Outcome<TakeEnd> {
    const problem = outcome.ok ? outcome.value.problem : outcome.error;
    const { id, machine } = take;
    const path = outcome.ok ? outcome.value.summary.path : take.path;
    this.#active.delete(id);
    this.#ended.unshift({ id, outcome, path });
    this.#ended.length = Math.min(this.#ended.length, REMEMBERED);
    if (!problem && outcome.ok) {
      machine.move('STOPPING');
      machine.move('IDLE');
      this.#options.onEnded?.(id, outcome.value.summary);
      return outcome;
    }
    if (!problem) return outcome;
    machine.move('ERROR');
    if (this.#options.publish) announceError(this.#options.publish, id, problem);
    this.#options.onChange?.({ id, state: 'ERROR', path, problem });
    if (told) machine.move('IDLE');
    else this.#failed.set(id, { machine, problem });
    return outcome;
  }

  /** Ends the takes at one and the same block: the one that is being played. */
  #stopTakes(takes: readonly Take[]): Promise<Outcome<EndReply>>[] {
    for (const { progress } of takes) progress.hold();
    const head = this.#tap.head();
    for (const { progress } of takes) progress.stop(head);
    return takes.map((take) => this.#ending(take));
  }

  /** Asked twice, both get the same answer. */
  async #ending(take: Take): Promise<Outcome<EndReply>> {
    take.machine.move('STOPPING');
    const outcome = await take.ended;
    const failed = this.#failed.get(take.id);
    if (failed?.machine === take.machine) {
      this.#failed.delete(take.id);
      failed.machine.move('IDLE');
    }
    return this.#endReply(take.id, outcome);
  }

  #endReply(id: string, outcome: Outcome<TakeEnd>): Outcome<EndReply> {
    if (!outcome.ok) return outcome;
    const { summary, problem } = outcome.value;
    const said = problem ? [describeProblem(problem)] : [];
    if (summary.peakDb === null) said.push(`${basename(summary.path)} is silent from beginning to end`);
    return succeed({ id, ...forReply(summary) }, said);
  }

  #startReply({ id, path, fromBlock, sample }: Take, words: StartWords, head: number): StartReply {
    const { sampleRate } = this.#options;
    const { durationSeconds } = words;
    return {
      id,
      path,
      format: 'wav',
      sample,
      bits: bitsOf(sample),
      sampleRate,
      startFrame: this.#frameOf(fromBlock),
      prerollSeconds: (this.#frameOf(head) - this.#frameOf(fromBlock)) / sampleRate,
      ...(durationSeconds === undefined ? {} : { durationSeconds }),
    };
  }

  /** The first block for so much look-back: what is asked, what is in the tap, what was ever played. */
  #lookBack(head: number, seconds: number): number {
    const { master } = this.#options.taps;
    const perBlock = master.blockFrames / this.#options.sampleRate;
    const spare = Math.min(Math.ceil(master.blocks * SPARE_PART), Math.ceil(SPARE_SECONDS / perBlock));
    const kept = Math.min(Math.ceil(this.#lookBackSeconds / perBlock), master.blocks - spare);
    const wanted = Math.min(Math.ceil(seconds / perBlock), kept);
    return Math.min(head, Math.max(this.#options.run.startBlock, head - wanted));
  }

  #freeKeepId(): string {
    for (let number = 1; ; number++) {
      const id = number === 1 ? KEEP_ID : `${KEEP_ID}_${number}`;
      if (!this.#active.has(id)) return id;
    }
  }

  #warn(code: string, sentence: string): void {
    const { publish } = this.#options;
    if (publish) for (const id of this.#active.keys()) announceWarning(publish, id, code, sentence);
  }

  #tell({ id, path }: Take, state: TakeState): void {
    const { publish, now } = this.#options;
    if (publish) announceState(publish, id, state, now());
    if (state !== 'ERROR') this.#options.onChange?.({ id, state, ...(path === '' ? {} : { path }) });
  }
}
