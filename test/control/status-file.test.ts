import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';
import { STATUS_FILE, StatusFile, type StatusLine } from '../../engine/control/status-file.js';
import { createDesk } from './desk.js';

function stage(t: TestContext) {
  const home = mkdtempSync(join(tmpdir(), 'chronus-status-'));
  t.after(() => rmSync(home, { recursive: true, force: true }));
  const state = { ms: new Date(2026, 0, 2, 3, 4, 5).getTime(), writes: 0 };
  const line: { -readonly [K in keyof StatusLine]: StatusLine[K] } = {
    peak: 0,
    messages: 0,
    gates: 0,
    last: '',
    recording: false,
  };
  const notices: string[] = [];
  const file = new StatusFile({
    home,
    line: () => {
      state.writes++;
      return line;
    },
    now: () => new Date(state.ms),
    onNotice: (text) => notices.push(text),
  });
  const path = join(home, STATUS_FILE);
  const look = async (ms: number): Promise<string> => {
    state.ms += ms;
    file.look();
    await file.idle();
    return readFileSync(path, 'utf8');
  };
  return { path, line, notices, file, state, look };
}

test('R154 one line as old clients read it; new when something changed, or once a second', async (t) => {
  const { line, look } = stage(t);
  assert.equal(await look(0), 'AUDIO: 0.0000 | MSG: 0 | GATES: 0 | REC: --- | LAST:  | TIME: 03:04:05\n');
  Object.assign(line, { peak: 0.12345, messages: 3, gates: 2, last: '/gate/voice1 1', recording: true });
  const changed = 'AUDIO: 0.1235 | MSG: 3 | GATES: 2 | REC: REC | LAST: /gate/voice1 1 | TIME: ';
  assert.equal(await look(100), `${changed}03:04:05\n`);
  assert.equal(await look(999), `${changed}03:04:05\n`, 'nothing but the time has changed');
  assert.equal(await look(1), `${changed}03:04:06\n`);
  line.peak = NaN;
  assert.match(await look(100), /^AUDIO: 0\.0000 /);
});

test('a reader never sees an empty or half line', async (t) => {
  const { path, line, file, state, look } = stage(t);
  await look(0);
  let seen = 0;
  let reading = true;
  const reader = (async () => {
    while (reading) {
      assert.match(readFileSync(path, 'utf8'), /^AUDIO: .* \| TIME: \d\d:\d\d:\d\d\n$/);
      seen++;
      await new Promise(setImmediate);
    }
  })();
  for (let i = 0; i < 200; i++) {
    line.messages = i;
    state.ms += 100;
    file.look();
    await file.idle();
  }
  reading = false;
  await reader;
  assert.ok(seen > 100, `${seen} looks`);
});

test('where it cannot be written there is one notice, until it could be written again', async (t) => {
  const { path, line, notices, file, state } = stage(t);
  mkdirSync(path);
  for (let i = 0; i < 30; i++) {
    line.messages = i;
    state.ms += 100;
    file.look();
    await file.idle();
  }
  assert.equal(notices.length, 1);
  assert.match(notices[0] ?? '', /engine_status\.txt cannot be written.*the music goes on/);
  rmdirSync(path);
  state.ms += 1000;
  file.look();
  await file.idle();
  assert.match(readFileSync(path, 'utf8'), /MSG: 29/);
  assert.equal(notices.length, 1);
});

test('while a write is under way nothing waits for it', (t) => {
  const { file, state, line } = stage(t);
  for (let i = 0; i < 50; i++) {
    line.messages = i;
    state.ms += 100;
    file.look();
  }
  assert.equal(state.writes, 1);
});

test('gates as Music Chronus counted them: messages, open ones, the last one', async () => {
  const desk = createDesk();
  const book = (): unknown[] => {
    const { messages, active, last } = desk.control.gates;
    return [messages, active, last];
  };
  assert.deepEqual(book(), [0, 0, '']);
  await desk.send('/gate/voice1', 1);
  await desk.send('/gate/voice2', 0.5);
  await desk.send('/gate/adsr1', 'on');
  assert.deepEqual(book(), [3, 2, '/gate/adsr1 on']);
  await desk.send('/gate/voice1', 0);
  await desk.send('/gate/nobody', 1);
  await desk.send('/gate/voice1', 'what');
  await desk.send('/mod/voice1/freq', 440);
  assert.deepEqual(book(), [4, 1, '/gate/voice1 0']);
  await desk.send('/gate/voice*', 1);
  assert.deepEqual(book(), [5, 8, '/gate/voice* 1']);
  for (const route of ['/engine/panic', '/seq/stop', '/engine/stop']) {
    await desk.send('/gate/voice1', true);
    await desk.send(route);
    assert.equal(desk.control.gates.active, 0, route);
  }
  await desk.send('/gate/voice1', `1${' '.repeat(60)}`);
  assert.equal(desk.control.gates.last.length, 40);
  desk.close();
});
