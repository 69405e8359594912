import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkNumber, NUMBER_OPTIONS, type NumberOption } from '../../engine/supervisor/options.js';
import { chronusJson, tempHome, chronus } from '../helpers/engine.js';

function option(name: NumberOption['name']): NumberOption {
  const found = NUMBER_OPTIONS.find((each) => each.name === name);
  assert.ok(found);
  return found;
}

/** Length of a block, milliseconds to one decimal. */
const ms = (frames: number, rate: number): string => ((frames * 1000) / rate).toFixed(1);

test('R74 to R77, R79, R80: blocks of 128 to 1024 frames are taken, at their length in time; 256 at 48 kHz by default', () => {
  const block = option('blockFrames');
  const rate = option('sampleRate');
  const lengths = [128, 256, 512, 1024].map((frames) => {
    assert.deepEqual(checkNumber(block, block.flag, String(frames)), {
      ok: true,
      value: frames,
      warnings: [],
    });
    return ms(frames, 44_100);
  });
  assert.deepEqual(lengths, ['2.9', '5.8', '11.6', '23.2']);
  assert.ok(checkNumber(rate, rate.flag, '44100').ok);
  assert.deepEqual([block.default, rate.default], [256, 48_000]);
  assert.equal(ms(block.default, rate.default), '5.3');
});

test('R79, R162, R201: CHRONUS_SAMPLE_RATE and CHRONUS_BUFFER_SIZE are read, a flag goes before them', async (t) => {
  const home = await tempHome(t);
  const bad = { CHRONUS_SAMPLE_RATE: '7', CHRONUS_BUFFER_SIZE: '7' };
  const rate = await chronus(['start', '--home', home], bad);
  assert.equal(rate.code, 2);
  assert.match(rate.stderr, /CHRONUS_SAMPLE_RATE '7'/);
  const block = await chronus(['start', '--home', home, '--rate', '44100'], bad);
  assert.match(block.stderr, /CHRONUS_BUFFER_SIZE '7'/);
  assert.equal(
    (await chronusJson(['start', '--home', home, '--rate', '44100', '--block', '8'], 2))['ok'],
    undefined,
  );
});
