/** Says when a pattern has been loaded, for the marks in takes. Reads shared memory only. Runs on: main thread. */
import type { Mark } from '../../modules/recorder/sidecar-file.js';
import { LOAD_BLOCK, LOAD_SERIAL, type RunMemory } from '../shared/run-memory.js';

export class LoadWatch {
  readonly #control: Int32Array;
  readonly #blockFrames: number;
  readonly #told: (mark: Mark) => void;
  #serial = 0;

  constructor({ control, format }: RunMemory, told: (mark: Mark) => void) {
    this.#control = new Int32Array(control);
    this.#blockFrames = format.blockFrames;
    this.#told = told;
  }

  /** To be called some twenty times a second; of two loads since the last call the later one is told. */
  look(): void {
    const serial = Atomics.load(this.#control, LOAD_SERIAL);
    if (serial === this.#serial) return;
    this.#serial = serial;
    const frame = Atomics.load(this.#control, LOAD_BLOCK) * this.#blockFrames;
    this.#told({ kind: 'load', frame, text: `pattern loaded (number ${serial} of this run)` });
  }
}
