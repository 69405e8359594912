import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { createControl } from '../../engine/control/dispatch.js';
import { encode } from '../../engine/control/encode.js';
import type { ControlPorts } from '../../engine/control/ports.js';
import { Session } from '../../engine/control/session.js';
import { succeed } from '../../engine/shared/outcome.js';
import { ROUTES } from '../../engine/registry/routes.js';
import { createDesk, LogSink, typed } from './desk.js';

const message = (address: string, ...args: (string | number)[]): Uint8Array =>
  encode(address, args.map(typed));

test('messages act in the order in which they arrive', async () => {
  const desk = createDesk();
  desk.sendBytes(message('/seq/add', 'a', 'voice1', 'X...'));
  desk.sendBytes(message('/seq/start'));
  desk.sendBytes(message('/seq/stop'));
  desk.sendBytes(message('/seq/clear'));
  desk.sendBytes(message('/seq/bpm', 174));
  desk.sendBytes(message('/gate/voice1', 1));
  assert.deepEqual(desk.sink.kinds(), [
    'commitTrack',
    'transport',
    'transport',
    'clearTracks',
    'tempo',
    'gate',
  ]);
  assert.deepEqual(await desk.answers(), []);
  desk.close();
});

test('a load holds what comes behind it, a save does not; a load sees the save before it', async () => {
  const desk = createDesk(2);
  await desk.send('/mod/voice1/freq', 300);
  desk.sendBytes(message('/pattern/save', 5, 'mine'));
  desk.sendBytes(message('/mod/voice1/freq', 700));
  assert.equal(desk.session.getParam(0), 700, 'the save did not hold the change');
  desk.sendBytes(message('/pattern/load', 5));
  desk.sendBytes(message('/mod/voice1/amp', 1));
  desk.sendBytes(message('/sync', 42));
  assert.notEqual(desk.session.getParam(1), 1, 'the change waits for the load');
  const answers = await desk.answers();
  assert.equal(desk.session.getParam(0), 300, 'the state of the moment of the save');
  assert.equal(desk.session.getParam(1), 1);
  assert.deepEqual(desk.sink.kinds(), ['set', 'set', 'commitLoad', 'set']);
  assert.match(answers[0] ?? '', /^\/pattern\/save\/reply \| \{"slot":5,/);
  assert.match(answers[1] ?? '', /^\/pattern\/load\/reply \| \{"slot":5,"name":"mine","at":"now"/);
  assert.equal(answers[2], '/synced | 42');
  desk.close();
});

test('an empty slot is refused and what waited goes on', async () => {
  const desk = createDesk();
  desk.sendBytes(message('/pattern/load', 77));
  desk.sendBytes(message('/gate/voice1', 1));
  assert.match((await desk.answers())[0] ?? '', /^\/error \| E_SLOT_EMPTY \| \/pattern\/load \| /);
  assert.deepEqual(desk.sink.kinds(), ['gate']);
  desk.close();
});

test('R20: the queue behind a load is bounded', async () => {
  const sink = new LogSink();
  const never = new Promise<never>(() => {});
  const ports = {
    session: new Session(sink, 2),
    engine: { frameAt: () => undefined },
    patterns: { load: () => never },
    recorder: {},
    home: {},
    now: () => new Date(),
  } as unknown as ControlPorts;
  const control = createControl(ports, { maxWaiting: 2 });
  let answered = 0;
  const sender = { key: 'a', send: () => void answered++ };
  control.receive(message('/pattern/load', 1), sender);
  for (let i = 0; i < 5; i++) control.receive(message('/gate/voice1', 1), sender);
  await Promise.resolve();
  assert.equal(answered, 3);
  assert.equal(control.counters().refused, 3);
});

test('/sync is answered when everything before it is done, with its argument as it came', async () => {
  const desk = createDesk();
  desk.sendBytes(message('/pattern/save', 9));
  desk.sendBytes(message('/sync', 'here'));
  desk.sendBytes(message('/pattern/list'));
  const answers = (await desk.answers()).map((line) => line.split(' | ')[0]);
  assert.ok(answers.indexOf('/pattern/save/reply') < answers.indexOf('/synced'), answers.join(' '));
  assert.deepEqual(await desk.send('/sync'), ['/synced | 0']);
  assert.deepEqual(await desk.send('/sync', { type: 'h', value: 8589934593 }), ['/synced | 8589934593']);
  desk.close();
});

test('a time tag in the future becomes a frame, for edits too', async () => {
  const desk = createDesk();
  desk.engine.frameAt = (ms) => (ms > 1000 ? ms * 48 : undefined);
  const at = (timeMs: number, address: string, ...args: (string | number)[]): void =>
    desk.control.receiveMessage({ address, args: args.map(typed), timeMs }, { key: 'a', send: () => {} });
  at(2000, '/gate/voice1', 1);
  at(500, '/gate/voice1', 0);
  at(2000, '/seq/bpm', 90);
  at(2000, '/seq/add', 'a', 'voice1', 'X');
  assert.deepEqual(
    desk.sink.entries.filter(({ command }) => command.kind !== 'stage').map(({ when }) => when),
    [
      { at: 'frame', frame: 96000 },
      { at: 'now' },
      { at: 'frame', frame: 96000 },
      { at: 'frame', frame: 96000 },
    ],
  );
  await desk.control.idle();
  desk.close();
});

test('what the queue for later times cannot hold is refused to its sender', async () => {
  const desk = createDesk();
  desk.engine.frameAt = (ms) => ms * 48;
  desk.engine.queueRoom = 3;
  const answers: Uint8Array[] = [];
  const sender = { key: 'a', send: (bytes: Uint8Array) => void answers.push(bytes) };
  desk.control.receiveMessage({ address: '/gate/voice1', args: [typed(1)], timeMs: 2000 }, sender);
  assert.equal(desk.sink.entries.length, 0);
  assert.match(Buffer.from(answers[0] ?? []).toString('latin1'), /E_QUEUE/);
  await desk.control.idle();
  desk.close();
});

test('every sender has a number of its own', () => {
  const desk = createDesk();
  desk.sendBytes(message('/gate/voice1', 1), 'one:1');
  desk.sendBytes(message('/gate/voice1', 1), 'two:1');
  desk.sendBytes(message('/gate/voice1', 0), 'one:1');
  assert.deepEqual(
    desk.sink.entries.map(({ source }) => source),
    [1, 2, 1],
  );
  desk.close();
});

test('counters', async () => {
  const desk = createDesk();
  desk.sendBytes(Buffer.from('nonsense'));
  assert.match((await desk.answers())[0] ?? '', /^\/error \| E_PACKET \| {2}\| 8 bytes/);
  await desk.send('/nowhere');
  await desk.send('/mod/voice1/freq', 'x');
  await desk.send('/mod/voice1/freq', 1e6);
  await desk.send('/mod/voice99/freq', 100);
  assert.deepEqual(desk.control.counters(), {
    received: 4,
    malformed: 1,
    unknown: 1,
    refused: 2,
    clamped: 1,
    late: 0,
  });
  desk.close();
});

test('R20, R22: a full log: E_BUSY, and nothing is changed', async () => {
  const desk = createDesk();
  desk.sink.full = true;
  for (const [address, ...args] of [
    ['/mod/voice1/freq', 300],
    ['/gate/voice1', 1],
    ['/seq/add', 'a', 'voice1', 'X'],
    ['/seq/start'],
    ['/seq/bpm', 90],
  ] as const) {
    assert.match((await desk.send(address, ...args))[0] ?? '', /^\/error \| E_BUSY/, address);
  }
  const { params, sequencer } = desk.session.snapshot();
  assert.equal(params.get('voice1/freq'), 440);
  assert.deepEqual(sequencer, { bpm: 120, swing: 0, running: false, tracks: [] });
  desk.close();
});

test('no arguments whatever, on any route, make it throw or leave a value outside its range', async () => {
  const desk = createDesk(3);
  const addresses = [
    ...ROUTES.map(({ address }) => address),
    '/mod/voice1/freq',
    '/mod/*/*',
    '/mod/lfo1/target',
    '/gate/*',
    '/gate/acid1',
  ];
  const arg = fc.oneof(
    fc.double().map((value) => ({ type: 'd', value })),
    fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }).map((value) => ({ type: 'i', value })),
    fc.string().map((value) => ({ type: 's', value: value.replaceAll('\0', '') })),
    fc.constantFrom('T', 'F', 'N', 'I').map((type) => ({ type, value: type === 'N' ? null : type === 'T' })),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...addresses),
      fc.array(arg, { maxLength: 8 }),
      async (address, args) => {
        desk.control.receiveMessage({ address, args }, { key: 'a', send: () => {} });
        await desk.control.idle();
        for (const command of desk.sink.commands()) {
          if (command.kind === 'set') assert.ok(Number.isFinite(command.value), JSON.stringify(command));
        }
      },
    ),
    { numRuns: 200 },
  );
  for (const [path, value] of desk.session.snapshot().params) {
    if (typeof value === 'number') assert.ok(Number.isFinite(value), `${path} ${value}`);
  }
  desk.close();
});

test('a defect in a handler is an answer, not an end', async () => {
  const ports = {
    session: new Session(new LogSink(), 1),
    engine: {
      frameAt: () => undefined,
      start: () => {
        throw new Error('broken');
      },
      stop: () => succeed(undefined),
    },
    recorder: { status: () => ({ recording: true }), stop: () => Promise.reject(new Error('gone')) },
  } as unknown as ControlPorts;
  const defects: string[] = [];
  const control = createControl(ports, { onDefect: (defect) => defects.push(String(defect)) });
  const answers: string[] = [];
  const sender = {
    key: 'a',
    send: (bytes: Uint8Array) => void answers.push(Buffer.from(bytes).toString('latin1')),
  };
  control.receive(message('/engine/start'), sender);
  control.receive(message('/engine/stop'), sender);
  await control.idle();
  assert.equal(answers.length, 2);
  assert.ok(answers.every((answer) => answer.includes('E_INTERNAL')));
  assert.deepEqual(defects, ['Error: broken', 'Error: gone']);
});
