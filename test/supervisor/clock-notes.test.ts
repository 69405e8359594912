import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ClockNotes, driftPpm } from '../../engine/supervisor/clock-notes.js';
import { FrameClock } from '../../engine/supervisor/frame-clock.js';
import type { JournalNote } from '../../engine/supervisor/journal-format.js';

const RATE = 48_000;

test('R130 the drift of a clock that is 40 ppm fast is measured from the notes of an hour, to 1 ppm', () => {
  const notes: JournalNote[] = [];
  const clock = new FrameClock(RATE);
  const times = new ClockNotes(clock, (note) => notes.push(note));
  const start = 1_767_000_000_000;
  times.look(start);
  assert.equal(notes.length, 0, 'before anything is out there is nothing to tell');
  for (let ms = 0; ms <= 3_600_000; ms += 50) {
    // Whole blocks, as they are seen.
    const frames = 256 * Math.floor((ms * RATE * (1 + 40e-6)) / 1000 / 256);
    clock.update(start + ms, frames);
    times.look(start + ms);
  }
  assert.equal(notes.length, 61, 'one a minute');
  const drift = driftPpm(notes, RATE) ?? NaN;
  assert.ok(Math.abs(drift - 40) < 1, `${drift} ppm`);
  assert.equal(driftPpm(notes.slice(0, 1), RATE), undefined);
  assert.equal(driftPpm([], RATE), undefined);
});
