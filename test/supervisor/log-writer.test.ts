import assert from 'node:assert/strict';
import fc from 'fast-check';
import { test } from 'node:test';
import { ENTRY_WORDS, NOW, type Entry } from '../../engine/shared/command.js';
import {
  CHECKPOINT,
  CHECKPOINT_POSITION,
  DEAD,
  distance,
  EMPTY,
  FILLING,
  HEAD,
  JOURNAL_GONE,
  JOURNAL_POSITION,
  LOG_END,
  LOG_RESERVE,
  POSITION,
  POSITION_MASK,
  READY,
  SLOTS,
  slotWord,
  SPARE,
  STATE,
} from '../../engine/shared/run-memory.js';
import { LogWriter } from '../../engine/supervisor/log-writer.js';
import { ClockStage } from '../helpers/clock.js';
import { holds } from '../helpers/property.js';

const ENTRIES = 128;
const ROOM = ENTRIES - LOG_RESERVE;

/** A log of 128 entries; every entry says at which position it was written. */
class Log {
  readonly stage = new ClockStage();
  readonly writer = new LogWriter(this.stage.run);
  readonly #words = new Int32Array(this.stage.run.log);
  end = 0;

  append(count: number): boolean {
    const entries: Entry[] = Array.from({ length: count }, (_, i) => ({
      command: { kind: 'set', address: this.end + i, value: 0 },
      when: NOW,
      source: 1,
    }));
    const done = this.writer.append(entries);
    if (done) this.end += count;
    return done;
  }
  /** True when everything from that position on is still in the log. */
  holdsFrom(position: number): boolean {
    for (let at = position; at < this.end; at++)
      if (this.#words[(at % ENTRIES) * ENTRY_WORDS + 1] !== at) return false;
    return true;
  }
  put(word: number, value: number): void {
    this.stage.put(word, value);
  }
  /** `head`: 0 in a slot that has been chosen, and whose filling has not begun. */
  slot(slot: number, state: number, position: number, head = 1): void {
    this.stage.set(slot, [
      [STATE, state],
      [HEAD, head],
      [POSITION, position],
    ]);
  }
  checkpoint(slot: number, index: number, block: number, position: number): void {
    this.stage.set(slot, [
      [CHECKPOINT + index, block],
      [CHECKPOINT_POSITION + index, position],
    ]);
  }
  journalGone(): this {
    this.put(JOURNAL_GONE, 1);
    return this;
  }
}

test('entries become visible in one stroke, or none of them where there is no room', () => {
  const log = new Log();
  assert.ok(log.append(ROOM - 1));
  assert.equal(log.append(2), false);
  assert.equal(log.stage.word(LOG_END), ROOM - 1);
  assert.ok(log.append(1));
  assert.equal(log.stage.word(LOG_END), log.writer.position());
  assert.equal(log.append(1), false);
  assert.ok(log.append(0));
});

test('rule 14: the log keeps what the journal has not written, as long as there is one', () => {
  const log = new Log();
  assert.ok(log.append(ROOM));
  assert.equal(log.writer.free(), 0);
  log.put(JOURNAL_POSITION, 10);
  assert.equal(log.writer.free(), 10);
  log.put(JOURNAL_GONE, 1);
  assert.equal(log.writer.free(), ROOM);
});

test('rule 14: the log keeps what a slot that is ready or being filled has not rendered', () => {
  for (const [state, free] of [
    [READY, 5],
    [FILLING, 5],
    [SPARE, ROOM],
    [DEAD, ROOM],
    [EMPTY, ROOM],
  ] as const) {
    const log = new Log().journalGone();
    assert.ok(log.append(ROOM));
    log.slot(0, READY, ROOM);
    log.slot(1, state, 5);
    assert.equal(log.writer.free(), free, `state ${state}`);
  }
});

test('rule 14: the log keeps what the two newest checkpoints need: the newer may be replaced while it is read', () => {
  const log = new Log().journalGone();
  assert.ok(log.append(ROOM));
  log.checkpoint(1, 0, 64, 40);
  log.checkpoint(1, 1, 128, 60);
  log.checkpoint(2, 0, 8, 3);
  assert.equal(log.writer.free(), 40, 'the older one of the same slot');
  log.checkpoint(1, 1, -1, 60);
  assert.equal(log.writer.free(), 40, 'the newer one is being written');
});

test('rule 14: a slot that is chosen holds the log only from where its filling begins', () => {
  const log = new Log().journalGone();
  log.slot(0, READY, 0);
  // Slot 2 has been a spare while the log went round several times; its last position is of another time.
  log.slot(2, SPARE, 7, 0);
  for (let i = 0; i < 10; i++) {
    assert.ok(log.append(ROOM / 2));
    log.slot(0, READY, log.end);
  }
  log.slot(2, FILLING, 7, 0);
  assert.ok(log.append(ROOM / 2), 'commands are taken while it is filled');
  log.slot(2, FILLING, log.end - 20);
  assert.equal(log.writer.free(), ROOM - ROOM / 2);
});

type Step =
  | { readonly kind: 'append' | 'journal'; readonly count: number }
  | { readonly kind: 'render' | 'checkpoint' | 'write' | 'die' | 'fill'; readonly slot: number };

const slots = fc.integer({ min: 0, max: SLOTS - 1 });
const counts = fc.integer({ min: 0, max: 40 });
const steps: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('append' as const), count: counts }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('journal' as const), count: counts }) },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('render' as const), slot: slots }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('checkpoint' as const), slot: slots }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('write' as const), slot: slots }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('die' as const), slot: slots }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('fill' as const), slot: slots }) },
);

interface Slot {
  state: number;
  position: number;
  block: number;
  /** Block and position of its two checkpoints, and the one that is written next. */
  readonly saved: [number, number][];
  index: number;
}

/** A run in which slots render, save, die and are filled at random, and everybody checks what he still needs. */
class Run {
  readonly log = new Log();
  readonly slots: Slot[] = Array.from({ length: SLOTS }, () => ({
    state: EMPTY,
    position: 0,
    block: 0,
    saved: [
      [-1, 0],
      [-1, 0],
    ],
    index: 0,
  }));
  journal = 0;

  constructor() {
    Object.assign(this.slots[0] as Slot, { state: READY });
    this.save(0);
    this.publish();
  }

  publish(): void {
    this.slots.forEach(({ state, position, saved }, slot) => {
      this.log.slot(slot, state, position);
      saved.forEach(([block, at], i) => this.log.checkpoint(slot, i, block, at));
    });
    this.log.put(JOURNAL_POSITION, this.journal);
  }

  save(slot: number): void {
    const each = this.slots[slot] as Slot;
    each.saved[each.index] = [each.block, each.position];
    each.index = 1 - each.index;
  }

  newest(): readonly [number, number] {
    const all = this.slots.flatMap(({ saved }) => saved).filter(([block]) => block >= 0);
    return all.reduce((best, each) => (each[0] > best[0] ? each : best), [-1, 0] as [number, number]);
  }

  step(step: Step): void {
    if ('count' in step) {
      if (step.kind === 'append') return void this.log.append(step.count);
      const rendered = Math.max(...this.slots.map(({ position }) => position));
      this.journal = Math.min(rendered, this.journal + step.count);
      return this.publish();
    }
    const each = this.slots[step.slot] as Slot;
    const lives = each.state === READY;
    if (step.kind === 'render' && lives) {
      each.block++;
      each.position = Math.min(this.log.end, each.position + 20);
    } else if (step.kind === 'checkpoint' && lives) this.save(step.slot);
    else if (step.kind === 'write' && lives) (each.saved[each.index] as [number, number])[0] = -1;
    else if (step.kind === 'die') each.state = DEAD;
    else if (step.kind === 'fill' && !lives) this.fill(each);
    this.publish();
  }

  /** From the newest checkpoint, whose log must be whole. */
  fill(each: Slot): void {
    const [block, position] = this.newest();
    assert.ok(block >= 0, 'there is a checkpoint at any time');
    assert.ok(
      this.log.holdsFrom(position),
      `checkpoint of block ${block} at ${position}, end ${this.log.end}`,
    );
    const own = each.saved.findIndex(([at]) => at === block);
    const [[first] = [-1], [second] = [-1]] = each.saved;
    each.index = own >= 0 ? 1 - own : first <= second ? 0 : 1;
    each.saved[each.index] = [-1, position];
    Object.assign(each, { block, position, state: READY });
  }

  check(): void {
    const { log, slots: all } = this;
    assert.ok(log.holdsFrom(this.journal), `journal at ${this.journal}, end ${log.end}`);
    assert.ok(log.holdsFrom(this.newest()[1]), `newest checkpoint, end ${log.end}`);
    for (const [slot, { state, position }] of all.entries())
      if (state === READY) assert.ok(log.holdsFrom(position), `slot ${slot} at ${position}, end ${log.end}`);
  }
}

test('rule 14: the log never overwrites what the journal, a slot or a checkpoint still needs', (t) => {
  let wraps = 0;
  const check = (list: readonly Step[]): void => {
    const run = new Run();
    for (const step of list) {
      run.step(step);
      run.check();
    }
    wraps += Math.floor(run.log.end / ENTRIES);
  };
  holds(t, fc.array(steps, { minLength: 500, maxLength: 1500, size: 'max' }), check, 40);
  t.diagnostic(`the log went round ${wraps} times`);
  assert.ok(wraps > 40, `the log went round ${wraps} times`);
});

test('positions are compared across their wrap at 31 bits', () => {
  assert.equal(distance(POSITION_MASK, 0), 1);
  assert.equal(distance(POSITION_MASK - 5, 10), 16);
  assert.equal(distance(10, 9), POSITION_MASK);
  assert.equal(slotWord(1, 0) - slotWord(0, 0), slotWord(2, 0) - slotWord(1, 0));
});
