/** What a disk that refuses leaves behind. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { test, type TestContext } from 'node:test';
import { repairWav } from '../../../../modules/recorder/wav/wav-repair.js';
import { errorOf, valueOf } from '../../../helpers/outcome.js';
import { wavChunks } from '../../../helpers/wav.js';
import { HEAD_BYTES } from '../fixtures.js';
import { bytesOf, create, formatOf, made, noise, noiseBytes, opened, written } from './files.js';

type Calls = Pick<typeof fs, 'writeSync' | 'openSync'>;

/** Puts calls of the file system in the place of the true ones until the end of the test, or until it is called. */
function instead(t: TestContext, calls: (real: Calls) => Partial<Record<keyof Calls, unknown>>): () => void {
  const real: Calls = { writeSync: fs.writeSync, openSync: fs.openSync };
  const put = (these: object): void => {
    Object.assign(fs, these);
    syncBuiltinESMExports();
  };
  put(calls(real));
  const back = (): void => put(real);
  t.after(back);
  return back;
}

function systemError(code: string): Error {
  return Object.assign(new Error(code), { code });
}

/** Files end at `limit` bytes: a short write first, then ENOSPC. */
function fullAt(t: TestContext, limit: number): () => void {
  return instead(t, ({ writeSync }) => ({
    writeSync: (fd: number, from: Uint8Array, offset: number, length: number, position: number) => {
      const room = Math.min(length, limit - position);
      if (room > 0) return writeSync(fd, from, offset, room, position);
      throw systemError('ENOSPC');
    },
  }));
}

test('R122 a disk that is full amid the samples: closed with all whole frames that fitted', (t) => {
  for (const [sample, channels] of [
    ['int16', 2],
    ['int24', 1],
    ['float32', 2],
  ] as const) {
    const format = formatOf(sample, channels);
    const { path, writer } = create(t, format);
    const back = fullAt(t, HEAD_BYTES + 10_003);
    assert.throws(() => {
      writer.append(noise(0, 9_000, channels), 9_000);
      writer.flush();
    }, /ENOSPC/);
    writer.close({ cues: [] });
    back();
    const frames = Math.floor(10_003 / noiseBytes(format, 1).length);
    assert.equal(writer.frames, frames);
    wavChunks(bytesOf(path));
    opened(path, (file) => {
      assert.deepEqual([file.frames, file.headerFrames], [frames, frames]);
      assert.ok(file.readBytes(0, frames).equals(noiseBytes(format, frames)));
    });
    assert.deepEqual(valueOf(repairWav(path, { dryRun: true })).changed, []);
  }
});

test('R122 a disk that is full when the places are written: the file is whole without them, and that is said', (t) => {
  const format = formatOf('int24', 1);
  const { path, writer } = create(t, format);
  writer.append(noise(0, 1_001, 1), 1_001);
  const back = fullAt(t, HEAD_BYTES + 3_003 + 1 + 20);
  assert.throws(() => writer.close({ cues: [{ frame: 5, label: 'x' }] }), /ENOSPC/);
  back();
  assert.deepEqual([...wavChunks(bytesOf(path)).keys()], ['JUNK', 'bext', 'fmt ', 'data']);
  assert.equal(writer.bytes, bytesOf(path).length);
  opened(path, (file) => assert.ok(file.readBytes(0, 1_001).equals(noiseBytes(format, 1_001))));
});

test('R122 a file that cannot be written is said, and not changed', (t) => {
  const cut = bytesOf(made(t, formatOf('int24'), 1_000)).subarray(0, 5_000);
  const path = written(t, cut);
  const refusals = {
    EACCES: ({ openSync }: Calls) => ({
      openSync: (file: string, flags: number) => {
        if ((flags & fs.constants.O_RDWR) !== 0) throw systemError('EACCES');
        return openSync(file, flags);
      },
    }),
    EIO: () => ({
      writeSync: () => {
        throw systemError('EIO');
      },
    }),
  };
  for (const [code, refusal] of Object.entries(refusals)) {
    const back = instead(t, refusal);
    const { got, mend } = errorOf(repairWav(path, { dryRun: false }), 'E_DISK');
    assert.match(got, new RegExp(code));
    assert.match(mend, /writable/);
    assert.equal(valueOf(repairWav(path, { dryRun: true })).changed.length, 2);
    back();
    assert.ok(bytesOf(path).equals(cut));
  }
});
