/** Edits that wait, with others behind them that do not: what is heard in the end is what the control plane says. */
import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import type { SlotDocument } from '../../engine/patterns/slot-document.js';
import { makeTrack } from '../../engine/sequence/track-fields.js';
import { encodeTrack, type Track } from '../../engine/shared/track.js';
import { holds } from '../helpers/property.js';
import { openStudio, type Studio } from '../helpers/studio.js';

/** Plays on until everything that waited has acted; then the tracks of the core are those of the status. */
function settle(studio: Studio): void {
  // A bar of the slowest tempo in here; then on, four of the usual ones at most.
  studio.render(128_000);
  for (let more = 0; more < 8 && studio.rig.host.read('edits') > 0; more++) studio.render(32_000);
  const { tracks } = studio.session.snapshot().sequencer;
  const known = tracks.map((track) => encodeTrack(track, { noteIndex: 0 }).join(' ')).sort();
  assert.deepEqual(
    studio
      .tracks()
      .map((words) => words.join(' '))
      .sort(),
    known,
  );
  assert.equal(studio.rig.host.read('milliBpm'), Math.round(1000 * studio.session.snapshot().sequencer.bpm));
  assert.equal(studio.rig.host.read('edits'), 0);
}
const sent = (...messages: string[]): void => {
  const studio = openStudio();
  studio.send('/seq/add kick voice1 x...', '/seq/start');
  studio.render(9000);
  studio.send(...messages);
  settle(studio);
};

test('what waits for the bar, and what acts now behind it', () => {
  sent('/seq/set kick pattern=xx.. at=bar', '/seq/remove kick');
  sent('/seq/set kick pattern=xx.. at=bar', '/seq/clear');
  sent('/seq/remove kick at=bar', '/seq/add hat voice2 x');
  sent('/seq/clear at=bar', '/seq/add hat voice2 x');
  sent('/seq/remove kick at=bar', '/seq/add kick voice1 x');
  sent('/seq/update/pattern kick xxxx at=bar', '/seq/lock kick 0 pan 1');
  sent('/seq/update/pattern kick xxxx at=bar', '/seq/lock kick 0 pan 1 at=step');
  sent('/seq/update/pattern kick xxxx at=step', '/seq/mute kick 1 at=bar');
  sent('/seq/mute kick 1 at=bar', '/seq/update/pattern kick x.x.');
  sent('/seq/bpm 90 at=bar', '/seq/bpm 140');
  sent('/seq/add kick voice1 x... base_amp=0.3 at=bar', '/mod/voice1/amp 0.8');
});

test('storms of edits at once, with the step and with the bar end as the status says', (t) => {
  const at = fc.constantFrom('', ' at=step', ' at=bar');
  const id = fc.constantFrom('a', 'b', 'c');
  const edit = fc
    .tuple(
      id,
      at,
      fc.constantFrom(
        (name: string) => `/seq/add ${name} voice1 x.x.`,
        (name: string) => `/seq/add ${name} voice2 X(3,8) base_amp=0.5`,
        (name: string) => `/seq/update/pattern ${name} xx`,
        (name: string) => `/seq/mute ${name} 1`,
        (name: string) => `/seq/lock ${name} 1 pan 0.5`,
        (name: string) => `/seq/remove ${name}`,
        () => '/seq/clear',
        () => '/seq/bpm 150',
        () => '/seq/bpm 90',
      ),
    )
    .map(([name, when, make]) => make(name) + when);
  const step = fc.oneof({ arbitrary: edit, weight: 4 }, { arbitrary: fc.constant('wait'), weight: 1 });
  holds(
    t,
    fc.array(step, { minLength: 2, maxLength: 25 }),
    (steps) => {
      const studio = openStudio();
      studio.send('/seq/add a voice1 x...', '/seq/start');
      for (const each of steps) {
        if (each === 'wait') studio.render(7000);
        else studio.send(each);
      }
      settle(studio);
    },
    40,
  );
});

test('changes with a time tag are shown once they have acted', () => {
  const studio = openStudio();
  studio.send('/seq/add kick voice1 x...', '/seq/start');
  studio.render(4800);
  const at = { source: 1, when: { at: 'frame', frame: 24_000 } } as const;
  studio.session.transport(false, at);
  studio.session.tempo(90, at);
  assert.equal(studio.session.running, true);
  studio.render(4800);
  assert.equal(studio.session.snapshot().sequencer.bpm, 120);
  studio.render(24_000);
  assert.equal(studio.session.running, false);
  assert.equal(studio.session.snapshot().sequencer.bpm, 90);
  studio.session.transport(true, { source: 1, when: { at: 'frame', frame: 96_000 } });
  studio.send('/seq/start');
  studio.render(480);
  assert.equal(studio.rig.host.read('running'), 1, 'a start that waits holds back none that does not');
});

const loaded: SlotDocument = {
  sequencer: {
    ...{ bpm: 100, swing: 0, running: true, globalStep: 0 },
    tracks: [
      makeTrack({ id: 'b', voice: 2, pattern: 'xx..', notesHz: [] }, {}, 0),
      makeTrack({ id: 'a', voice: 3, pattern: 'x.', notesHz: [] }, {}, 0),
    ],
  },
  params: new Map(),
};
const by = { source: 1 };
const trackOf = (studio: Studio, id: string): Track | undefined =>
  studio.session.snapshot().sequencer.tracks.find((track) => track.id === id);

test('edits for the bar behind a load that waits for it speak of what it brings', () => {
  const studio = openStudio();
  studio.send('/seq/add a voice1 x...', '/seq/start');
  studio.render(9000);
  studio.session.load(loaded, false, by);
  studio.send('/seq/bpm 150 at=bar', '/seq/mute a 1 at=bar', '/seq/remove b at=bar');
  assert.deepEqual([trackOf(studio, 'a')?.voice, trackOf(studio, 'a')?.muted], [1, false], 'not yet');
  settle(studio);
  assert.deepEqual([trackOf(studio, 'a')?.voice, trackOf(studio, 'a')?.muted], [3, true]);
  assert.equal(trackOf(studio, 'b'), undefined);
  assert.equal(studio.session.snapshot().sequencer.bpm, 150);
});

test('a load that is taken back leaves the edits for the bar that came behind it', () => {
  const studio = openStudio();
  studio.send('/seq/add a voice1 x...', '/seq/start');
  studio.render(9000);
  studio.session.load(loaded, false, by);
  studio.send('/seq/bpm 150 at=bar');
  studio.session.undo(false, by);
  studio.render(480);
  assert.equal(studio.session.settleDrop(), true);
  settle(studio);
  assert.equal(trackOf(studio, 'a')?.voice, 1);
  assert.equal(studio.session.snapshot().sequencer.bpm, 150);
});

test('storms of edits and loads, at once and at the bar, end as the status says', (t) => {
  const edit = fc
    .tuple(
      fc.constantFrom('a', 'b', 'c'),
      fc.constantFrom('', ' at=bar'),
      fc.constantFrom('add:voice1 x.x.', 'update/pattern:xx', 'mute:1', 'lock:1 pan 0.5', 'remove:'),
    )
    .map(([id, when, make]) => {
      const [route = '', rest = ''] = make.split(':');
      return `/seq/${route} ${id} ${rest}`.trim() + when;
    });
  const step = fc.oneof(
    { arbitrary: edit, weight: 6 },
    { arbitrary: fc.constantFrom('wait', 'load', 'load now'), weight: 2 },
  );
  holds(
    t,
    fc.array(step, { minLength: 2, maxLength: 20 }),
    (steps) => {
      const studio = openStudio();
      studio.send('/seq/add a voice1 x...', '/seq/start');
      for (const each of steps) {
        if (each === 'wait') studio.render(7200);
        else if (each.startsWith('load')) studio.session.load(loaded, each === 'load now', by);
        else studio.send(each);
      }
      settle(studio);
    },
    60,
  );
});
