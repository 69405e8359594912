/** The real addon against ALSA's `file` plugin: a sound card that is a file, without hardware and faster than time. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { openCard } from '../../engine/device/card.js';
import { listDevices } from '../../engine/device/list.js';
import { BLOCK, RATE, sampleAt, temporaryFolder, until } from '../modules/recorder/fixtures.js';

const BLOCKS = Math.ceil(RATE / BLOCK);

async function whyNot(): Promise<string | false> {
  if (process.platform !== 'linux') return 'ALSA is a matter of Linux';
  const { reason = '' } = await listDevices();
  const absent = /naudiodon|library/.test(reason) ? reason : false;
  if (absent && process.env['CHRONUS_NOTHING_ABSENT']) throw new Error(absent);
  return absent;
}

test('naudiodon into an ALSA file: a second comes out bit for bit', { skip: await whyNot() }, async (t) => {
  const folder = temporaryFolder(t);
  const raw = join(folder, 'capture.raw');
  const config = join(folder, 'asound.conf');
  writeFileSync(
    config,
    `pcm.default { type plug slave { pcm { type file file "${raw}" format raw slave.pcm { type null } }
     format FLOAT_LE rate ${RATE} channels 2 } }\nctl.default { type hw card 0 }\n`,
  );
  process.env['ALSA_CONFIG_PATH'] = config;
  t.after(() => delete process.env['ALSA_CONFIG_PATH']);

  let credit = 0;
  const exits: string[] = [];
  const card = openCard({
    device: 'default',
    sampleRate: RATE,
    blockFrames: BLOCK,
    onCredit: (blocks) => (credit += blocks),
    onUnderflow: () => undefined,
    onExit: (reason) => exits.push(reason),
  });
  for (let number = 0; number < BLOCKS; number++) {
    await until(`credit ${exits.join()}`, () => credit > 0 || exits.length > 0);
    assert.deepEqual(exits, []);
    credit--;
    card.write(Float32Array.from({ length: BLOCK * 2 }, (_, i) => sampleAt(number * BLOCK * 2 + i)));
  }
  await card.close();

  const bytes = readFileSync(raw);
  const got = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
  const leadIn = got.findIndex((sample) => sample !== 0) & ~1;
  const sent = BLOCKS * BLOCK * 2;
  let equal = 0;
  while (equal < sent && got[leadIn + equal] === sampleAt(equal)) equal++;
  assert.equal(equal, sent, `after ${leadIn / 2} frames of lead-in ${equal} of ${sent} samples are equal`);
});
