import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { firstDifference, RATE, readWav, temporaryFolder } from './fixtures.js';

test('R127: SIGKILL of a process that records leaves a WAV that opens and is right', async (t) => {
  const file = fileURLToPath(new URL('./kill-child.js', import.meta.url));
  const child = spawn(process.execPath, [file, temporaryFolder(t)], { stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(() => child.kill('SIGKILL'));
  const [line] = (await once(child.stdout.setEncoding('utf8'), 'data')) as [string];
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;

  const path = line.trim();
  const wav = readWav(path);
  assert.ok(
    wav.frames >= RATE,
    `a second was in the file when it was killed, the header counts ${wav.frames} frames`,
  );
  assert.ok(wav.extraBytes < RATE * 6 * 0.2, `${wav.extraBytes} bytes behind what the header counts`);
  assert.equal(firstDifference(wav, 0), undefined);
  const sidecar = JSON.parse(readFileSync(`${path}.json`, 'utf8')) as { unfinished?: boolean };
  assert.equal(sidecar.unfinished, true, 'the sidecar says that the take was cut off');
});
