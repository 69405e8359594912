/**
 * Several slots of one run in the test's own thread: each with its memory, ring and checkpoints, rendered block by block by
 * the test. It can stop them at any point of their work, as chaos does.
 */
import assert from 'node:assert/strict';
import { NOW } from '../../engine/shared/command.js';
import type { Command } from '../../engine/shared/command.js';
import {
  createRunMemory,
  FILLED,
  FILLED_BY,
  FILLING,
  HEAD,
  JOURNAL_GONE,
  POSITION,
  READY,
  RING_BLOCKS,
  SLOTS,
  slotWord,
  STATE,
  type RunMemory,
  type RunSizes,
} from '../../engine/shared/run-memory.js';
import type { ChaosPoints, Point } from '../../engine/slot/chaos.js';
import { compileCore, CoreHost, createCoreMemory } from '../../engine/slot/core-host.js';
import { fill } from '../../engine/slot/fill.js';
import { Renderer } from '../../engine/slot/renderer.js';
import { SlotView } from '../../engine/slot/slot-view.js';
import { LogWriter } from '../../engine/supervisor/log-writer.js';
import { seeded } from './bus.js';
import { gate, peakOf, set } from './core.js';

let compiled: WebAssembly.Module | undefined;
export function coreModule(): WebAssembly.Module {
  return (compiled ??= compileCore());
}

const VOICES = 4;

/** What the test lets happen at points of a slot's work. */
export class Points implements ChaosPoints {
  readonly #hooks = new Map<Point, (block: number) => void>();

  armed(): boolean {
    return this.#hooks.size > 0;
  }
  at(point: Point, block: number): void {
    this.#hooks.get(point)?.(block);
  }
  on(point: Point, hook: (block: number) => void): this {
    this.#hooks.set(point, hook);
    return this;
  }
  clear(): void {
    this.#hooks.clear();
  }
}

export interface StageSlot {
  readonly slot: number;
  readonly view: SlotView;
  readonly core: CoreHost;
  readonly renderer: Renderer;
  readonly points: Points;
}

export interface StageOptions {
  readonly blockFrames?: number;
  readonly sizes?: RunSizes;
  readonly seed?: number;
}

export class SlotStage {
  readonly run: RunMemory;
  readonly control: Int32Array;
  readonly log: LogWriter;
  readonly slots: readonly StageSlot[];
  readonly #next: () => number;

  /** Slot 0 leads from block 0 on. The journal needs nothing of the log. */
  constructor({
    blockFrames = 64,
    sizes = { logEntries: 512, commandBlocks: 64 },
    seed = 1,
  }: StageOptions = {}) {
    const format = { sampleRate: 48000, blockFrames, voices: VOICES, leadBlocks: 3 };
    const module = coreModule();
    const memories = Array.from({ length: SLOTS }, createCoreMemory);
    const cores = memories.map((memory) => new CoreHost({ module, memory, ...format }));
    this.run = createRunMemory(format, (cores[0] as CoreHost).layout(), memories, sizes);
    this.control = new Int32Array(this.run.control);
    this.log = new LogWriter(this.run);
    this.slots = cores.map((core, slot) => {
      const view = new SlotView(this.run, slot);
      const points = new Points();
      return { slot, view, core, points, renderer: new Renderer(view, core, points) };
    });
    this.#next = seeded(seed);
    this.control[JOURNAL_GONE] = 1;
    const first = this.at(0);
    first.renderer.begin(0, 0, 0);
    first.renderer.checkpoint();
    this.set(0, STATE, READY);
    this.command(
      ...Array.from({ length: VOICES }, (_, i) => [set(`voice${i + 1}/amp`, 0.5), gate(i + 1, true)]).flat(),
    );
  }

  at(slot: number): StageSlot {
    return this.slots[slot] as StageSlot;
  }
  of(slot: number, word: number): number {
    return this.control[slotWord(slot, word)] as number;
  }
  set(slot: number, word: number, value: number): void {
    this.control[slotWord(slot, word)] = value;
  }

  /** Puts commands into the log; false: there is no room. */
  command(...commands: readonly Command[]): boolean {
    return this.log.append(commands.map((command) => ({ command, when: NOW, source: 1 })));
  }

  /** Some commands, made up from the seed. */
  play(): void {
    for (let count = Math.floor(4 * this.#next()); count > 0; count--) {
      const voice = 1 + Math.floor(VOICES * this.#next());
      if (this.#next() < 0.3) this.command(gate(voice, this.#next() < 0.7, this.#next()));
      else this.command(set(`voice${voice}/filter/freq`, 100 + 5000 * this.#next()));
    }
  }

  /** The slot renders so many blocks and leads; commands come in between. */
  lead(slot: number, blocks: number): void {
    for (let i = 0; i < blocks; i++) {
      this.play();
      this.at(slot).renderer.render(true);
    }
  }

  /** The slot renders what the leading one has rendered. */
  follow(slot: number, leader: number): void {
    const { renderer } = this.at(slot);
    while (renderer.block < this.of(leader, HEAD)) renderer.render(false);
  }

  /** Fills a slot as its worker does. */
  fill(slot: number): boolean {
    const { view, renderer, points } = this.at(slot);
    return fill({ view, renderer, chaos: points });
  }

  state(slot: number): Uint8Array {
    return this.at(slot).core.state();
  }
  /** The samples of a block in the ring of a slot. */
  block(slot: number, block: number): Float32Array {
    return this.at(slot).view.ring[block % RING_BLOCKS] as Float32Array;
  }
  /** Everything that is a slot's own: its words, state, ring and checkpoints; copied. */
  belongings(slot: number): { readonly words: Int32Array; readonly bytes: readonly Buffer[] } {
    const buffers = [this.run.rings[slot] as SharedArrayBuffer, ...(this.run.checkpoints[slot] ?? [])];
    return {
      words: this.control.slice(slotWord(slot, 0), slotWord(slot + 1, 0)),
      bytes: [this.state(slot), ...buffers.map((buffer) => new Uint8Array(buffer))].map((bytes) =>
        Buffer.from(bytes),
      ),
    };
  }
  filledBy(slot: number): string {
    return FILLED[this.of(slot, FILLED_BY)] ?? '?';
  }
}

/** True when two pieces of memory hold the same bytes. */
export function sameBytes(a: Uint8Array | Float32Array, b: Uint8Array | Float32Array): boolean {
  const bytes = (x: Uint8Array | Float32Array): Buffer =>
    Buffer.from(x.buffer as ArrayBuffer, x.byteOffset, x.byteLength);
  return bytes(a).equals(bytes(b));
}

/** Slot 0 has led for so many blocks, and slot 1 is to be filled. */
export function stageAt(blocks: number, blockFrames = 64): SlotStage {
  const stage = new SlotStage({ blockFrames });
  stage.lead(0, blocks);
  stage.set(1, STATE, FILLING);
  return stage;
}

/** Both slots go on for some blocks, and every bit of them is the same. */
export function assertInStep(stage: SlotStage, leader: number, follower: number): void {
  stage.follow(follower, leader);
  const from = stage.at(follower).renderer.block;
  stage.lead(leader, 5);
  stage.follow(follower, leader);
  for (let block = from; block < from + 5; block++) {
    assert.ok(peakOf(stage.block(leader, block)) > 0);
    assert.ok(sameBytes(stage.block(leader, block), stage.block(follower, block)), `block ${block}`);
  }
  assert.ok(sameBytes(stage.state(leader), stage.state(follower)), 'state');
  assert.equal(stage.of(leader, POSITION), stage.of(follower, POSITION));
}
