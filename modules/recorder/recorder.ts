/** What the recorder is to the rest of the engine: what it is given, and what it answers. */
import type { Outcome, Problem } from '../../engine/shared/outcome.js';
import type { TapMemory } from '../../engine/shared/tap.js';
import type { Publish } from './announce.js';
import type { Measured } from './measures.js';
import type { Mark } from './sidecar-file.js';
import type { TakeState } from './states.js';
import type { SharedCounter, TakeSummary } from './take.js';
import type { SampleFormat } from './wav/format.js';
import type { Args } from './words.js';
import type { SpawnWriter } from './writer.js';

/** Told to whoever listens, at every change. */
export interface TakeChange {
  readonly id: string;
  readonly state: TakeState;
  readonly path?: string;
  readonly problem?: Problem;
}

/** What a take is for the journal. Frames of the session. */
export interface TakeNote {
  readonly event: 'start' | 'stop';
  readonly id: string;
  readonly file: string;
  readonly frame: number;
}

export interface Restored {
  readonly frames: number;
  readonly restoredFrames: number;
  /** Of the file as it is now. */
  readonly measured: Measured;
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
  /** How far preroll= and keep reach; the tap holds more, as time for the writer to come up and for slow disks. */
  readonly lookBackSeconds?: number;
  /** What stays free on the disk. */
  readonly reserveBytes?: number;
  readonly now: () => Date;
  /** Where the blocks of the run that were late are counted. */
  readonly late?: SharedCounter;
  readonly onChange?: (change: TakeChange) => void;
  /** A take is whole. */
  readonly onEnded?: (id: string, summary: TakeSummary) => void;
  /** Takes what is told to whoever subscribed. */
  readonly publish?: Publish;
  /** For the journal, so that a take can be found in it. */
  readonly onTake?: (note: TakeNote) => void;
  /** As mark, for the journal: a take that is cut off has its marks from there. */
  readonly onMark?: (mark: Mark) => void;
  /**
   * Puts what a writer lost back into its file, which is closed; `endFrame`: the session frame at which the take ends.
   * Never rejects.
   */
  readonly restore?: (path: string, endFrame: number) => Promise<Outcome<Restored>>;
  readonly spawnWriter?: SpawnWriter;
}

export interface StartReply {
  readonly id: string;
  readonly path: string;
  readonly format: 'wav';
  readonly sample: SampleFormat;
  readonly bits: number;
  readonly sampleRate: number;
  /** Session frame of the first frame in the file. */
  readonly startFrame: number;
  /** What of the look-back is in the file; less than asked when less was there. */
  readonly prerollSeconds: number;
  readonly durationSeconds?: number;
}

export type EndReply = { readonly id: string } & TakeSummary;
export type StopReply = EndReply | { readonly takes: readonly object[] };

export interface RecorderStatus {
  readonly recording: boolean;
  readonly takes: readonly object[];
  /** Newest first. */
  readonly ended: readonly object[];
  readonly folder: string;
  readonly lookBackSeconds: number;
  /** Memory of the whole process; constant however long a take is. */
  readonly memoryBytes: number;
}

export interface Recorder {
  /** Answers when the file is there. Never rejects. */
  start(args: Args): Promise<Outcome<StartReply>>;
  /** Saves what has just been played; answers when the file is whole. Never rejects. */
  keep(args: Args): Promise<Outcome<EndReply>>;
  /** Answers when the file is whole. Never rejects. */
  stop(args: Args): Promise<Outcome<StopReply>>;
  /** A word at this moment, in every take that runs or one of them. */
  cue(args: Args): Outcome<object>;
  status(id?: string): RecorderStatus;
  /** As in the status, without its cost. */
  isRecording(): boolean;
  /** The takes that run and those in the folder. Never rejects. */
  list(): Promise<Outcome<object>>;
  /** Something worth knowing happened: every take that covers the frame names it in its sidecar and as a cue. */
  mark(mark: Mark): void;
  /** Publishes how far each take is, and looks after the disk; to be called once a second. */
  report(): void;
  /** For the end of the engine: every file is whole when it resolves. */
  stopAll(): Promise<void>;
}
