import assert from 'node:assert/strict';
import test from 'node:test';
import { lookup } from '../../engine/control/lookup.js';
import { readTrackArgs } from '../../engine/sequence/track-args.js';
import { alike } from '../../engine/shared/synonyms.js';
import { parameters } from '../../engine/registry/address.js';
import { ROUTES } from '../../engine/registry/routes.js';
import { readStart } from '../../modules/recorder/words.js';
import { errorOf } from '../helpers/outcome.js';
import { createDesk } from './desk.js';

const VOICES = 8;
const near = (address: string): readonly string[] =>
  errorOf(lookup(address, VOICES), 'E_ROUTE').nearest ?? [];

/** What people send by mistake -> what they mean: it must come first. */
const SLIPS: readonly (readonly [sent: string, meant: string])[] = [
  // Letters.
  ['/mod/voice1/feq', '/mod/voice1/freq'],
  ['/mod/voice1/frqe', '/mod/voice1/freq'],
  ['/mod/voice3/fliter/freq', '/mod/voice3/filter/freq'],
  ['/mod/voice3/filter/frequ', '/mod/voice3/filter/freq'],
  ['/mod/voic3/freq', '/mod/voice3/freq'],
  ['/mod/voise2/amp', '/mod/voice2/amp'],
  ['/mod/delay1/feedbak', '/mod/delay1/feedback'],
  ['/mod/acid1/cutof', '/mod/acid1/cutoff'],
  ['/mod/acid1/env_amout', '/mod/acid1/env_amount'],
  ['/mod/revreb1/mix', '/mod/reverb1/mix'],
  ['/mod/voice1/adsr/atack', '/mod/voice1/adsr/attack'],
  ['/mod/voice1/send/revreb', '/mod/voice1/send/reverb'],
  ['/gate/voise2', '/gate/voice2'],
  ['/gate/acid', '/gate/acid1'],
  ['/seq/strat', '/seq/start'],
  ['/seq/ad', '/seq/add'],
  ['/seq/udpate/notes', '/seq/update/notes'],
  ['/patern/load', '/pattern/load'],
  ['/engine/statsu', '/engine/status'],
  ['/engine/schma', '/engine/schema'],
  ['/record/strat', '/record/start'],
  ['/synk', '/sync'],
  // Case.
  ['/mod/Voice1/freq', '/mod/voice1/freq'],
  ['/MOD/VOICE1/FREQ', '/mod/voice1/freq'],
  ['/Seq/BPM', '/seq/bpm'],
  ['/gate/Voice4', '/gate/voice4'],
  // Slashes and numbers.
  ['mod/voice1/freq', '/mod/voice1/freq'],
  ['/mod//voice1/freq', '/mod/voice1/freq'],
  ['/mod/voice1/freq/', '/mod/voice1/freq'],
  ['/mod.voice1.freq', '/mod/voice1/freq'],
  ['/voice1/freq', '/mod/voice1/freq'],
  ['/voice1/filter/freq', '/mod/voice1/filter/freq'],
  ['/reverb1/mix', '/mod/reverb1/mix'],
  ['/mod/voice/freq', '/mod/voice1/freq'],
  ['/mod/voice_2/freq', '/mod/voice2/freq'],
  ['/mod/voice02/freq', '/mod/voice2/freq'],
  ['/mod/reverb/mix', '/mod/reverb1/mix'],
  ['/mod/delay/feedback', '/mod/delay1/feedback'],
  ['/mod/lfo/depth', '/mod/lfo1/depth'],
  ['/gate/voice', '/gate/voice1'],
  ['/gate/2', '/gate/voice2'],
  ['/gate/voice/2', '/gate/voice2'],
  ['/seqbpm', '/seq/bpm'],
  // Other words.
  ['/mod/voice1/cutoff', '/mod/voice1/filter/freq'],
  ['/mod/voice1/resonance', '/mod/voice1/filter/q'],
  ['/mod/voice1/wave', '/mod/voice1/osc/type'],
  ['/mod/voice1/waveform', '/mod/voice1/osc/type'],
  ['/mod/voice1/volume', '/mod/voice1/amp'],
  ['/mod/voice1/gain', '/mod/voice1/amp'],
  ['/mod/voice1/attack', '/mod/voice1/adsr/attack'],
  ['/mod/voice1/release', '/mod/voice1/adsr/release'],
  ['/mod/voice1/reverb', '/mod/voice1/send/reverb'],
  ['/mod/voice1/reverb_send', '/mod/voice1/send/reverb'],
  ['/mod/voice1/glide', '/mod/voice1/slide_time'],
  ['/mod/voice1/filter/cutoff', '/mod/voice1/filter/freq'],
  ['/mod/reverb1/size', '/mod/reverb1/room'],
  ['/mod/reverb/size', '/mod/reverb1/room'],
  ['/mod/lfo1/freq', '/mod/lfo1/rate'],
  ['/mod/lfo1/speed', '/mod/lfo1/rate'],
  ['/mod/distortion1/drive', '/mod/dist1/drive'],
  ['/mod/echo1/mix', '/mod/delay1/mix'],
  ['/mod/osc1/freq', '/mod/voice1/freq'],
  ['/mod/env1/attack', '/mod/voice1/adsr/attack'],
  ['/mod/filt1/cutoff', '/mod/voice1/filter/freq'],
  ['/gate/env1', '/gate/voice1'],
  ['/seq/tempo', '/seq/bpm'],
  ['/seq/play', '/seq/start'],
  ['/seq/pause', '/seq/stop'],
  ['/seq/delete', '/seq/remove'],
  ['/pattern/write', '/pattern/save'],
  ['/engine/help', '/engine/schema'],
  ['/tempo', '/seq/bpm'],
  ['/bpm', '/seq/bpm'],
  ['/panic', '/engine/panic'],
  ['/ping', '/sync'],
  // The right name in the wrong place.
  ['/mod/voice1/room', '/mod/reverb1/room'],
  ['/mod/voice1/feedback', '/mod/delay1/feedback'],
  ['/mod/adsr1/freq', '/mod/voice1/freq'],
  ['/mod/bpm', '/seq/bpm'],
];

test('slips, other words and wrong places: what is meant comes first', () => {
  const missed = SLIPS.filter(([sent, meant]) => near(sent)[0] !== meant);
  assert.deepEqual(
    missed.map(([sent, meant]) => `${sent}: ${near(sent).join(' ')} instead of ${meant}`),
    [],
  );
});

test('every suggestion exists', () => {
  for (const [sent] of SLIPS) {
    for (const address of near(sent)) assert.ok(lookup(address, VOICES).ok, `${sent} -> ${address}`);
  }
});

test('one letter lost or doubled anywhere behind the family still finds the address', () => {
  const all = [
    ...ROUTES.map(({ address }) => address),
    ...[...parameters(1)].map(({ path }) => `/mod/${path}`),
  ];
  let tried = 0;
  const missed: string[] = [];
  for (const address of all) {
    for (let i = address.indexOf('/', 1) + 1; i < address.length; i++) {
      if (!/[a-z]/.test(address[i] as string)) continue;
      for (const sent of [
        address.slice(0, i) + address.slice(i + 1),
        address.slice(0, i) + address[i] + address.slice(i),
      ]) {
        const found = lookup(sent, 1);
        if (found.ok) continue;
        tried++;
        if (!found.error.nearest?.includes(address))
          missed.push(`${sent}: ${found.error.nearest?.join(' ')}`);
      }
    }
  }
  assert.ok(tried > 1000, `${tried} slips`);
  assert.deepEqual(missed, []);
});

test('what resembles nothing gets no suggestion, and long or odd addresses cost little', () => {
  assert.deepEqual(near('/zzzzzzzzzz/qqqqqqqq'), []);
  for (const sent of [
    '/',
    '/mod',
    '/mod/',
    '/gate/',
    `/${'a'.repeat(5000)}`,
    '/mod/__proto__/x',
    '/mod/x/toString',
    '/💥/é',
  ])
    assert.ok(near(sent).length <= 3, sent);
});

test('words and keys', async () => {
  const desk = createDesk(2);
  const nearest = async (address: string, word: string): Promise<string> =>
    (await desk.send(address, word))[0]?.split(' | ')[5] ?? '';
  assert.equal(await nearest('/mod/voice1/osc/type', 'sawtooth'), 'saw');
  assert.match(await nearest('/mod/voice1/osc/type', 'SIN'), /^sine/);
  assert.equal(await nearest('/mod/voice1/osc/type', 'noise'), 'white, pink, brown');
  assert.equal(await nearest('/mod/lfo1/shape', 'tri'), 'triangle');
  assert.equal(await nearest('/mod/lfo1/shape', 'random'), 'sample_hold, smooth_random');
  assert.equal(await nearest('/engine/schema', 'jsn'), 'json');
  desk.close();
  const key = (text: string): string | undefined =>
    errorOf(readTrackArgs(['a', 'voice1', 'x', text].map((value) => ({ type: 's', value }))), 'E_KEY')
      .nearest?.[0];
  assert.equal(key('freq=50'), 'base_freq');
  assert.equal(key('cutoff=50'), 'filter_freq');
  assert.equal(key('amp=1'), 'base_amp');
  assert.equal(key('reverb=1'), 'reverb_send');
  assert.equal(key('gate=1'), 'gate_frac');
  assert.equal(key('baes_freq=1'), 'base_freq');
  assert.equal(errorOf(readStart(['duration=5'], 60), 'E_ARGS').nearest?.[0], 'dur');
  assert.deepEqual(alike('toString', ['a', 'b']), []);
});
