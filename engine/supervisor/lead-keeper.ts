/**
 * Renders further ahead when a real card has run dry: one block more each time, at most once a second, up to what a ring
 * holds. It never becomes less by itself: who wants that starts with another --lead. Runs on: main thread.
 */
import type { Output } from '../device/output.js';
import { LEAD, RING_BLOCKS, type RunMemory } from '../shared/run-memory.js';

const MOST_BLOCKS = RING_BLOCKS - 2;
const PAUSE_MS = 1000;

export class LeadKeeper {
  readonly #run: RunMemory;
  readonly #output: Pick<Output, 'underflows'>;
  readonly #tell: (text: string) => void;
  readonly #now: () => number;
  #underflows: number;
  #grownAt = -Infinity;

  constructor(
    run: RunMemory,
    output: Pick<Output, 'underflows'>,
    tell: (text: string) => void,
    now: () => number = () => performance.now(),
  ) {
    this.#run = run;
    this.#output = output;
    this.#tell = tell;
    this.#now = now;
    this.#underflows = output.underflows();
  }

  look(): void {
    const underflows = this.#output.underflows();
    if (underflows === this.#underflows || this.#now() - this.#grownAt < PAUSE_MS) return;
    this.#underflows = underflows;
    const control = new Int32Array(this.#run.control);
    const blocks = Atomics.load(control, LEAD) + 1;
    if (blocks > MOST_BLOCKS) return;
    this.#grownAt = this.#now();
    Atomics.store(control, LEAD, blocks);
    const { blockFrames, sampleRate } = this.#run.format;
    const ms = ((blocks * blockFrames * 1000) / sampleRate).toFixed(1);
    this.#tell(
      `The sound card ran dry (${underflows} times so far): the engine now renders ${blocks} blocks (${ms} ms) ahead. Start with --lead ${Math.ceil(Number(ms))} to begin there.`,
    );
  }
}
