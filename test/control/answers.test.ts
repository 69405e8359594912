import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import test from 'node:test';
import type { Arg } from '../../engine/control/decode.js';
import { createDesk, type Desk } from './desk.js';

const f = (value: number): Arg => ({ type: 'f', value });

/** Message -> exact answers. Nothing but `/warn` leaves an entry in the log. */
async function expectAnswers(
  desk: Desk,
  cases: readonly (readonly [string, readonly (string | number | boolean | Arg)[], readonly string[]])[],
) {
  for (const [address, args, expected] of cases) {
    const before = desk.sink.position();
    assert.deepEqual(await desk.send(address, ...args), expected);
    const refused = expected.some((line) => line.startsWith('/error'));
    if (refused) assert.equal(desk.sink.position(), before, `${address} was refused and changed something`);
  }
}

test('numbers: ints for floats, text, booleans, int64 and doubles are taken as they are', async () => {
  const desk = createDesk();
  const { session } = desk;
  for (const arg of [
    300,
    f(300),
    '300',
    ' 3e2 ',
    { type: 'h', value: 300 },
    { type: 'd', value: 300 },
  ] as const) {
    await desk.send('/mod/voice1/freq', 440);
    assert.deepEqual(await desk.send('/mod/voice1/freq', arg), []);
    assert.equal(session.getParam(0), 300);
  }
  await desk.send('/mod/voice1/amp', true);
  assert.equal(session.getParam(1), 1);
  assert.deepEqual(desk.sink.commands().at(-1), { kind: 'set', address: 1, value: 1 });
  desk.close();
});

test('out of range: the nearest value and a warning', async () => {
  const desk = createDesk();
  await expectAnswers(desk, [
    [
      '/mod/voice1/freq',
      [12000],
      ['/warn | /mod/voice1/freq | E_RANGE: got 12000, allowed 20..5000 Hz. Set 5000.'],
    ],
    [
      '/mod/acid1/cutoff',
      [f(-682)],
      ['/warn | /mod/acid1/cutoff | E_RANGE: got -682, allowed 80..5000 Hz. Set 80.'],
    ],
    ['/mod/voice1/osc/type', [9], ['/warn | /mod/voice1/osc/type | E_RANGE: got 9, allowed 0..6. Set 6.']],
    ['/seq/bpm', [400], ['/warn | /seq/bpm | E_RANGE: got 400, allowed 30..300 BPM. Set 300.']],
    ['/mod/acid1/res', [f(0.98)], []],
    ['/mod/acid1/accent_decay', [f(0.02)], []],
    ['/seq/swing', [f(0.6)], []],
  ]);
  assert.deepEqual(desk.sink.commands()[0], { kind: 'set', address: 0, value: 5000 });
  assert.equal(desk.control.counters().clamped, 4);
  desk.close();
});

test('what is no value is refused, with what is allowed and the mend', async () => {
  const desk = createDesk();
  const freq = (got: string): string[] => [
    `/error | E_NUMBER | /mod/voice1/freq | ${got} | a number, 20..5000 Hz |  | Nothing was changed. Send one number in this range.`,
  ];
  const finite = (got: string): string[] => [
    `/error | E_NUMBER | /mod/voice1/freq | ${got} | a finite number, 20..5000 Hz |  | Nothing was changed. Send a number in this range.`,
  ];
  await expectAnswers(desk, [
    ['/mod/voice1/freq', ['high'], freq("'high'")],
    ['/mod/voice1/freq', ['nan'], freq("'nan'")],
    ['/mod/voice1/freq', [''], freq("''")],
    ['/mod/voice1/freq', ['0x10'], freq("'0x10'")],
    ['/mod/voice1/freq', [f(NaN)], finite('NaN')],
    ['/mod/voice1/freq', [f(Infinity)], finite('Infinity')],
    ['/mod/voice1/freq', ['1e999'], finite("'1e999'")],
    ['/mod/voice1/freq', [{ type: 'b', value: new Uint8Array(4) }], freq('a blob')],
    ['/mod/voice1/freq', [{ type: '[', value: [f(1)] }], freq('a list')],
    [
      '/mod/voice1/osc/type',
      ['sawx'],
      [
        "/error | E_WORD | /mod/voice1/osc/type | 'sawx' | sine, saw, square, white, pink, brown, triangle or 0 to 6 | saw | " +
          'Nothing was changed. Send one of these words or its number.',
      ],
    ],
    [
      '/gate/voice1',
      ['maybe'],
      [
        "/error | E_WORD | /gate/voice1 | 'maybe' | a number above 0, on, true; 0 or less, off, false |  | " +
          'Nothing was changed. Send 1 to open the gate, 0 to close it.',
      ],
    ],
    [
      '/gate/voice1',
      [],
      [
        '/error | E_ARGS | /gate/voice1 | no argument | a number above 0, on, true; 0 or less, off, false |  | ' +
          'Nothing was changed. Send 1 to open the gate, 0 to close it.',
      ],
    ],
    [
      '/seq/ramp',
      [],
      [
        '/error | E_ARGS | /seq/ramp | 0 arguments | bpm [beats] [at=now|step|bar] |  | Nothing was changed. Send for example: /seq/ramp 140 32',
      ],
    ],
    [
      '/seq/bpm',
      ['fast'],
      [
        "/error | E_NUMBER | /seq/bpm | 'fast' | bpm: a finite number 30..300 BPM |  | Nothing was changed. Send a number.",
      ],
    ],
    [
      '/pattern/load',
      [129],
      [
        '/error | E_RANGE | /pattern/load | 129 | slot: 1..128 |  | Nothing was changed. Send a number in this range.',
      ],
    ],
    [
      '/engine/schema',
      ['yaml'],
      [
        "/error | E_WORD | /engine/schema | 'yaml' | format: stdout, json, file |  | Nothing was changed. Send one of these words.",
      ],
    ],
    [
      '/mod/voice9/freq',
      [100],
      [
        "/error | E_VOICE | /mod/voice9/freq | 'voice9' | voice1 to voice8 |  | " +
          'Nothing was changed. Start the engine with --voices 9 or more to have it.',
      ],
    ],
    [
      '/mod/voice2/fliter/freq',
      [100],
      [
        "/error | E_ROUTE | /mod/voice2/fliter/freq | '/mod/voice2/fliter/freq' | /mod/voice2/ and one of freq, amp, osc/type, " +
          'filter/freq, filter/q, adsr/attack, adsr/decay, adsr/sustain, adsr/release, send/reverb, send/delay, slide_time, pan, ' +
          'pitch/env, pitch/decay, osc/width, osc/sync, filter/type | /mod/voice2/filter/freq | Nothing was changed. /engine/schema answers every address there is.',
      ],
    ],
    [
      '/seq/*',
      [],
      [
        "/error | E_WILDCARD | /seq/* | '/seq/*' | * ? [] {} after /mod/ and /gate/ only |  | Nothing was done. Send each address by itself.",
      ],
    ],
  ]);
  desk.close();
});

test('targets: names, none, and why not', async () => {
  const desk = createDesk(2);
  assert.deepEqual(await desk.send('/mod/lfo1/target', 'voice1/pan'), []);
  assert.deepEqual(await desk.send('/mod/lfo1/target'), ['/mod/lfo1/target/reply | voice1/pan']);
  assert.deepEqual(await desk.send('/mod/lfo1/target', 'none'), []);
  assert.deepEqual(await desk.send('/mod/lfo1/target'), ['/mod/lfo1/target/reply | none']);
  const [cycle] = await desk.send('/mod/lfo1/target', 'lfo2/rate');
  assert.match(
    cycle ?? '',
    /^\/error \| E_TARGET \| \/mod\/lfo1\/target \| 'lfo2\/rate' \| none, voice1..2\/\{freq,.*no cycle can arise/,
  );
  assert.match((await desk.send('/mod/lfo1/target', 77777))[0] ?? '', /E_TARGET/);
  desk.close();
});

test('a parameter without argument answers its value, at the address that was sent', async () => {
  const desk = createDesk();
  assert.deepEqual(await desk.send('/mod/voice1/freq'), ['/mod/voice1/freq/reply | 440']);
  assert.deepEqual(await desk.send('/mod/sine1/freq', { type: 'N' }), ['/mod/sine1/freq/reply | 440']);
  await desk.send('/mod/voice1/osc/type', 'saw');
  assert.deepEqual(await desk.send('/mod/voice1/osc/type'), ['/mod/voice1/osc/type/reply | 1']);
  assert.deepEqual(await desk.send('/mod/lfo?/rate'), [
    '/mod/lfo1/rate/reply | 0.25',
    '/mod/lfo2/rate/reply | 4',
  ]);
  desk.close();
});

test('gates: open above 0, on, true; closed at 0, below, off, false', async () => {
  const desk = createDesk();
  const cases: [string | number | boolean | Arg, boolean][] = [
    [1, true],
    [f(0.1), true],
    ['on', true],
    ['TRUE', true],
    ['1', true],
    [true, true],
    [0, false],
    [-1, false],
    ['off', false],
    ['False', false],
    ['0', false],
    [false, false],
  ];
  for (const [arg, on] of cases) {
    assert.deepEqual(await desk.send('/gate/voice3', arg), []);
    assert.deepEqual(desk.sink.commands().at(-1), { kind: 'gate', voice: 2, on, velocity: 1, accent: 0 });
  }
  desk.close();
});

test('the acid gate opens the voice the filter stands in for, with its accent', async () => {
  const desk = createDesk(4);
  await desk.send('/mod/acid1/accent', 1);
  await desk.send('/gate/acid1', 1);
  assert.deepEqual(desk.sink.commands().at(-1), { kind: 'gate', voice: 1, on: true, velocity: 1, accent: 1 });
  await desk.send('/mod/acid1/voice', 'voice4');
  await desk.send('/gate/voice2', 1);
  assert.deepEqual(desk.sink.commands().at(-1), { kind: 'gate', voice: 1, on: true, velocity: 1, accent: 0 });
  await desk.send('/gate/voice4', 1);
  assert.deepEqual(desk.sink.commands().at(-1), { kind: 'gate', voice: 3, on: true, velocity: 1, accent: 1 });
  await desk.send('/mod/acid1/voice', 'none');
  assert.match(
    (await desk.send('/gate/acid1', 1))[0] ?? '',
    /^\/warn \| \/gate\/acid1 \| acid1 stands on no voice/,
  );
  desk.close();
});

test('one pattern sets many; its complaints are bounded', async () => {
  const desk = createDesk(8);
  assert.deepEqual(await desk.send('/mod/voice[1-4]/amp', f(0.5)), []);
  assert.equal(desk.sink.position(), 4);
  assert.equal((await desk.send('/mod/*/*', 'x')).length, 16);
  assert.equal(desk.sink.position(), 4);
  const refused = desk.control.counters().refused;
  assert.equal(refused, 70, 'four of each voice, and those of the other modules');
  assert.equal((await desk.send('/mod/voice*/freq', 1e6)).length, 8);
  assert.equal(desk.sink.position(), 12);
  assert.equal(desk.control.counters().clamped, 8);
  desk.sink.full = true;
  assert.equal((await desk.send('/mod/voice*/freq', 100)).length, 1);
  assert.equal(desk.session.getParam(0), 5000, 'all or nothing');
  const many = createDesk(256);
  const answers = await many.send('/mod/*/*');
  assert.equal(answers.length, 513);
  assert.match(answers.at(-1) ?? '', /^\/warn .*512 of \d{4} values answered/);
  many.close();
  desk.close();
});

test('an argument on a route that takes none is ignored; one too many elsewhere is told', async () => {
  const desk = createDesk();
  assert.deepEqual(await desk.send('/engine/start', 1), []);
  assert.deepEqual(desk.asked, ['start']);
  assert.deepEqual(await desk.send('/seq/clear', 1), []);
  assert.deepEqual(await desk.send('/seq/bpm', 128, 'at=bar', 9), [
    '/warn | /seq/bpm | E_ARGS: ignored the last 1 of 2 arguments; expected [bpm] [at=now|step|bar].',
  ]);
  desk.close();
});

test('a document over 8 KB comes in pages that make it whole', async () => {
  const desk = createDesk(16);
  const pages = await desk.send('/engine/schema');
  assert.ok(pages.length > 1);
  const parts = pages.map((line) => {
    const match = /^\/engine\/schema\/reply \| ([\s\S]*) \| (\d+) \| (\d+)$/.exec(line);
    assert.ok(match, line.slice(0, 60));
    return match;
  });
  assert.deepEqual(
    parts.map((part) => Number(part[2])),
    parts.map((_, i) => i + 1),
  );
  assert.ok(
    parts.every((part) => Number(part[3]) === pages.length && Buffer.byteLength(part[1] ?? '') <= 8192),
  );
  const document = JSON.parse(parts.map((part) => part[1]).join('')) as {
    voices: number;
    unknown_routes?: string[];
  };
  assert.equal(document.voices, 16);
  assert.equal(document.unknown_routes, undefined);
  desk.close();
});

test('the schema goes to a file on request, and names addresses that came and do not exist', async () => {
  const desk = createDesk(1);
  await desk.send('/test/unknown/route', 123);
  const [line] = await desk.send('/engine/schema', 'FILE');
  assert.match(line ?? '', /chronus_schema_20260102_030405\.json"\}$/);
  assert.deepEqual(
    readdirSync(desk.home).filter((name) => name.startsWith('chronus')),
    ['chronus_schema_20260102_030405.json'],
  );
  const whole = (await desk.send('/engine/schema')).map((page) => page.split(' | ')[1]).join('');
  assert.match(whole, /"unknown_routes":\["\/test\/unknown\/route"\]/);
  desk.close();
});

test('R10, R203: the recorder: both families of addresses, and as a parameter', async () => {
  const desk = createDesk();
  assert.match(
    (await desk.send('/engine/record/start', 'take'))[0] ?? '',
    /^\/engine\/record\/start\/reply \| \{.*"id":"main"/,
  );
  assert.deepEqual(await desk.send('/mod/rec1/recording'), ['/mod/rec1/recording/reply | 1']);
  await desk.send('/record/stop');
  await desk.send('/mod/rec1/recording', 1);
  assert.deepEqual(await desk.send('/engine/stop'), []);
  assert.deepEqual(desk.asked, ['record main take', 'end main', 'record main -', 'end all', 'stop']);
  assert.match(
    (await desk.send('/record/start', 'a', 'dur=x'))[0] ?? '',
    /^\/error \| E_RANGE \| \/record\/start \| dur: 'x'/,
  );
  desk.close();
});

test('status and list answer JSON', async () => {
  const desk = createDesk(2);
  await desk.send('/mod/voice1/amp', f(0.3));
  await desk.send('/seq/add', 'bass', 'voice2', 'X...', f(41.2), 800);
  desk.engine.step = 7;
  const json = async (address: string): Promise<unknown> =>
    JSON.parse((await desk.send(address))[0]?.split(' | ')[1] ?? '');
  assert.equal(
    ((await json('/engine/list')) as Record<string, Record<string, number>>)['voice1']?.['amp'],
    0.3,
  );
  const status = (await json('/engine/status')) as { voices: number; sequencer: unknown; control: unknown };
  assert.equal(status.voices, 2);
  assert.deepEqual(status.sequencer, {
    bpm: 120,
    swing: 0,
    running: false,
    step: 7,
    tracks: 1,
    load_pending: false,
  });
  const seq = (await json('/seq/status')) as { tracks: Record<string, unknown>[] };
  assert.equal(seq.tracks[0]?.['base_freq'], 41.2);
  assert.equal(seq.tracks[0]?.['base_amp'], null);
  desk.close();
});
