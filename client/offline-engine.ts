/** What the control plane asks of an engine, answered by a core in this thread. */
import type { Arg } from '../engine/control/decode.js';
import { int } from '../engine/control/encode.js';
import type { EngineControl } from '../engine/control/ports.js';
import type { CommandSink } from '../engine/control/session.js';
import { BAR_STEPS, StepWatch } from '../engine/control/step-watch.js';
import { encodeEntry, ENTRY_WORDS, isEditThatWaits, type Entry } from '../engine/shared/command.js';
import {
  MAX_BLOCK_COMMANDS,
  MAX_STRIKES,
  QUEUE_ENTRIES,
  UNIT_BYPASSED,
  UNIT_STRIKES_SHIFT,
  WAITING_EDITS,
} from '../engine/shared/core-layout.js';
import { fail, succeed, type Failure } from '../engine/shared/outcome.js';
import { compileCore, CoreHost } from '../engine/slot/core-host.js';

export interface OfflineFormat {
  readonly sampleRate: number;
  readonly voices: number;
  readonly blockFrames: number;
  /** The time of frame 0, Unix milliseconds. */
  readonly epochMs: number;
  readonly onCommands?: (words: Int32Array, block: number) => void;
}

export class OfflineEngine implements EngineControl, CommandSink {
  /** Frames rendered so far. */
  frame = 0;
  readonly #core: CoreHost;
  readonly #format: OfflineFormat;
  readonly #inbox = new Int32Array(MAX_BLOCK_COMMANDS * ENTRY_WORDS);
  readonly #steps = new StepWatch();
  #pending: Entry[] = [];
  #position = 0;
  #load: { readonly serial: number; readonly logEnd: number } | undefined;

  constructor(format: OfflineFormat) {
    this.#format = format;
    this.#core = new CoreHost({ module: compileCore(), ...format });
  }

  /** The block rendered last. */
  get output(): Float32Array {
    return this.#core.output;
  }

  nowMs(): number {
    return this.#format.epochMs + (this.frame * 1000) / this.#format.sampleRate;
  }

  framesAt(ms: number): number {
    return Math.round(((ms - this.#format.epochMs) * this.#format.sampleRate) / 1000);
  }

  rendered(): number {
    return this.frame;
  }

  /** One block, with what was written to the log before it. */
  render(): void {
    const entries = this.#pending.splice(0, MAX_BLOCK_COMMANDS);
    entries.forEach((entry, i) => encodeEntry(entry, this.#inbox, i * ENTRY_WORDS));
    if (entries.length > 0)
      this.#format.onCommands?.(
        this.#inbox.slice(0, entries.length * ENTRY_WORDS),
        this.frame / this.#format.blockFrames,
      );
    this.#core.render(this.#inbox, 0, entries.length);
    this.frame += this.#format.blockFrames;
    const serial = this.#core.read('loadSerial');
    if (serial !== 0 && serial !== this.#load?.serial)
      this.#load = { serial, logEnd: this.#position - this.#pending.length };
  }

  /** The steps that have begun since the last time. */
  tellSteps(publish: (address: string, args: readonly Arg[]) => void): void {
    for (const step of this.#steps.look(this.sequencerPosition()))
      publish('/seq/step', [int(step), int(Math.floor(step / BAR_STEPS))]);
  }

  append(entries: readonly Entry[]): boolean {
    this.#pending.push(...entries);
    this.#position += entries.length;
    return true;
  }

  position(): number {
    return this.#position;
  }

  editRoom(): number {
    return WAITING_EDITS - this.#core.read('edits') - this.#pending.filter(isEditThatWaits).length;
  }

  committedLoad(): { readonly serial: number; readonly logEnd: number } | undefined {
    return this.#load;
  }

  start() {
    return succeed({ audio: 'on' });
  }

  stop() {
    return succeed({ audio: 'off' });
  }

  status(): object {
    const { sampleRate, voices, blockFrames } = this.#format;
    return { audio: 'offline', frame: this.frame, sampleRate, voices, blockFrames };
  }

  sequencerPosition(): { readonly running: boolean; readonly step: number; readonly bpm: number } {
    const read = (field: 'step' | 'running' | 'milliBpm'): number => this.#core.read(field);
    return { running: read('running') !== 0, step: read('step'), bpm: read('milliBpm') / 1000 };
  }

  frameAt(unixMs: number): number | undefined {
    const frame = this.framesAt(unixMs);
    return frame > this.frame ? frame : undefined;
  }

  lateMs(unixMs: number): number {
    return Math.max(0, this.nowMs() - unixMs);
  }

  queueRoom(): number {
    return QUEUE_ENTRIES - this.#core.read('queued') - this.#pending.length;
  }

  mayFail(): Failure {
    return fail({
      code: 'E_CHAOS',
      got: 'a fault on purpose',
      allowed: 'none offline',
      mend: 'Nothing was done. Rehearse faults in a live engine: chronus start --chaos.',
    });
  }

  fault(): Failure {
    return this.mayFail();
  }

  unit(number: number): { readonly bypassed: boolean; readonly strikes: number; readonly stays: boolean } {
    const word = this.#core.read('unit', number);
    const strikes = word >> UNIT_STRIKES_SHIFT;
    return { bypassed: (word & UNIT_BYPASSED) !== 0, strikes, stays: strikes >= MAX_STRIKES };
  }

  /** At once: nothing is rendered before what was sent has acted. */
  applied(): Promise<void> {
    return Promise.resolve();
  }
}
