/** What the control plane needs from the rest of the engine. It knows these interfaces and nothing behind them. */
import type { PatternStore } from '../patterns/store.js';
import type { Failure, Outcome } from '../shared/outcome.js';
import type { Session } from './session.js';

type Soon<T> = T | Promise<T>;

/** The engine itself. None of its methods waits for audio, none throws or rejects for what can happen to a device. */
export interface EngineControl {
  /** Sound on; on already: succeeds. */
  start(): Soon<Outcome<unknown>>;
  /** Sound off; off already: succeeds. The control plane has stopped the sequencer and the recordings before. */
  stop(): Soon<Outcome<unknown>>;
  /** For `/engine/status`; must survive JSON. */
  status(): object;
  /** As the core last published it; `step` is the next to be played, `bpm` the tempo at this moment. */
  sequencerPosition(): { readonly running: boolean; readonly step: number; readonly bpm: number };
  /** Session frame for a time (Unix milliseconds) in the future; undefined: it is past or near enough to be now. */
  frameAt(unixMs: number): number | undefined;
  /** By how many milliseconds such a past time is missed by what acts at once. */
  lateMs(unixMs: number): number;
  /** Commands with a future frame that can still be kept; those on their way are counted. */
  queueRoom(): number;
  /** Undefined where the engine was started with --chaos; else the refusal. */
  mayFail(): Failure | undefined;
  /** Lets a fault happen to a slot; refused as `mayFail` says, or where there is no such slot. */
  fault(request: SlotFaultRequest): Outcome<unknown>;
  /** A unit as the core has it. `stays`: it can no longer be switched on. */
  unit(number: number): { readonly bypassed: boolean; readonly strikes: number; readonly stays: boolean };
  /** Resolves when every command written so far has acted; at once while the engine is off. For `/sync`. */
  applied(): Promise<void>;
}

/** A fault that happens to one slot. */
export type SlotFaultName = 'throw' | 'hang' | 'exit' | 'oom' | 'terminate' | 'stall';
export interface SlotFaultRequest {
  readonly fault: SlotFaultName;
  /** active, standby, spare, a, b or c. */
  readonly slot: string;
  readonly block?: number;
  /** For a stall. */
  readonly ms?: number;
}

type Words = readonly (string | number)[];

/** The recorder. All but `status` and `list` decide the frame when they are called, however long they take to answer. */
export interface RecorderPort {
  start(words: Words): Promise<Outcome<object>>;
  stop(words: Words): Promise<Outcome<object>>;
  /** Saves what has been played. */
  keep(words: Words): Promise<Outcome<object>>;
  /** A word at this moment, in takes that run. */
  cue(words: Words): Outcome<object>;
  status(id?: string): { readonly recording: boolean };
  list(): Promise<Outcome<object>>;
}

/** The slot files. Changes follow one another in the order of the calls. */
export type PatternsPort = Pick<
  PatternStore,
  'save' | 'load' | 'list' | 'copy' | 'delete' | 'rename' | 'restore' | 'backups'
>;

/** Files for people in the home of the engine. */
export interface HomePort {
  /** Writes a new file, never over another; answers its path. */
  writeNew(name: string, text: string): Promise<Outcome<string>>;
}

export interface ControlPorts {
  readonly session: Session;
  readonly engine: EngineControl;
  readonly recorder: RecorderPort;
  readonly patterns: PatternsPort;
  readonly home: HomePort;
  readonly now: () => Date;
}
