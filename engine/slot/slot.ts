/**
 * The work of one slot. It starts as a spare; when the clock chooses it, it is filled with the state of the run; then it
 * renders ahead of the clock where it leads, or behind the slot that leads: a standby renders a block only after the active
 * slot has survived it. States and words: engine/shared/run-memory.ts.
 */
import { MAX_UNITS } from '../shared/core-layout.js';
import { decide } from '../shared/decisions.js';
import { monotonicMs } from '../shared/monotonic.js';
import {
  ACTIVE,
  activeSlot,
  CAME_UP,
  CLOCK_BELL,
  DEAD,
  FILLING,
  GENERATION,
  HEAD,
  LEAD,
  READ_BLOCK,
  READY,
  ring,
  SLEEP,
  slotWord,
  SPARE,
  SPAWNING,
  STOP,
  type RunMemory,
} from '../shared/run-memory.js';
import { chaosPoints, NO_CHAOS } from './chaos.js';
import { CoreHost } from './core-host.js';
import { fill } from './fill.js';
import { Renderer } from './renderer.js';
import { SlotView } from './slot-view.js';

export interface SlotJob {
  readonly slot: number;
  readonly run: RunMemory;
  readonly module: WebAssembly.Module;
  /** The first slot of a run: it leads from block 0 on. */
  readonly first: boolean;
  readonly chaos: boolean;
}

/** Blocks a spare renders for nothing, as code that runs for the first time is slow. */
const WARM_UP_BLOCKS = 50;
/** Longest sleep: a bell that was missed costs no more. */
const SLEEP_MS = 200;

export class Slot {
  readonly #job: SlotJob;
  readonly #view: SlotView;
  readonly #core: CoreHost;
  readonly #renderer: Renderer;
  readonly #chaos;

  constructor(job: SlotJob) {
    this.#job = job;
    const { run, slot, module, first } = job;
    const view = new SlotView(run, slot);
    const { control, at } = view;
    this.#view = view;
    this.#chaos = job.chaos ? chaosPoints(view) : NO_CHAOS;
    // Odd while the core lays out its memory: a copy that began in the time of the worker before this one is void.
    if ((Atomics.add(control, at.edge, 1) & 1) !== 0) Atomics.add(control, at.edge, 1);
    this.#core = new CoreHost({ module, memory: run.memories[slot] as WebAssembly.Memory, ...run.format });
    this.#renderer = new Renderer(view, this.#core, this.#chaos);
    if (!first) for (let i = 0; i < WARM_UP_BLOCKS; i++) this.#core.render(view.log, 0, 0);
    Atomics.add(control, at.edge, 1);
  }

  /** Until the run ends or this slot is condemned. */
  work(): void {
    const { control, at, slot } = this.#view;
    if (this.#job.first) {
      this.#renderer.begin(0, 0, 0);
      this.#renderer.checkpoint();
    }
    this.#view.store(slotWord(slot, CAME_UP), this.#view.of(slot, GENERATION));
    Atomics.compareExchange(control, at.state, SPAWNING, this.#job.first ? READY : SPARE);
    ring(control, CLOCK_BELL);
    while (this.#view.load(STOP) === 0) {
      const bell = this.#view.load(at.bell);
      const state = this.#view.load(at.state);
      // Condemned: leave without touching anything.
      if (state === DEAD) return;
      if (state === FILLING) this.#becomeReady();
      else if (state === READY && this.#renderNext()) continue;
      // The one place where this thread waits: until the clock has taken a block, or the leading slot has rendered one.
      Atomics.wait(control, at.bell, bell, SLEEP_MS);
    }
  }

  #becomeReady(): void {
    const view = this.#view;
    const { control, at } = view;
    if (!fill({ view, renderer: this.#renderer, chaos: this.#chaos })) return;
    this.#chaos.at('before ready', this.#renderer.block);
    view.store(at.seen, view.load(ACTIVE));
    if (Atomics.compareExchange(control, at.state, FILLING, READY) !== FILLING) return;
    view.step('wait');
    view.readyNow(monotonicMs());
    ring(control, CLOCK_BELL);
    Atomics.notify(control, SLEEP);
    // What was rendered meanwhile is due at once.
    ring(control, at.bell);
  }

  /** Runs on: render thread, every block; no allocation. False: there is nothing to render now. */
  #renderNext(): boolean {
    const view = this.#view;
    const active = view.load(ACTIVE);
    if (view.load(view.at.seen) !== active) {
      view.store(view.at.seen, active);
      ring(view.control, CLOCK_BELL);
    }
    const leader = activeSlot(active);
    const leads = leader === view.slot;
    const due = leads ? view.load(READ_BLOCK) + view.load(LEAD) : view.of(leader, HEAD);
    if (this.#renderer.block >= due) return false;
    this.#renderer.render(leads);
    return true;
  }

  /** Condemned already: what this slot does or says counts no more. */
  condemned(): boolean {
    return this.#view.load(this.#view.at.state) === DEAD;
  }

  /** When the core has failed, the unit that was at work is bypassed from this block on, for everybody. */
  accuse(): void {
    const crumb = this.#renderer.inCore ? this.#core.crumb() : 0;
    if (crumb > 0 && crumb <= MAX_UNITS) decide(this.#view.verdicts, this.#renderer.block, crumb);
  }
}
