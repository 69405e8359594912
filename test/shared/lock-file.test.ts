import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { lockOwner, releaseLock, takeLock } from '../../engine/shared/lock-file.js';
import { IDENTITY } from '../../engine/shared/process-identity.js';

function lockPath(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'chronus-lock-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'a.lock');
}

const MODULE = new URL('../../engine/shared/lock-file.js', import.meta.url).href;
const TAKE = `const { takeLock } = await import(${JSON.stringify(MODULE)});
  const got = takeLock(process.argv[1]);
  process.stdout.write(got.owner ? 'no\\n' : 'yes\\n');
  process.stdin.resume().on('end', () => process.exit());`;

test('a lock that is held is refused to another process and tells its owner', (t) => {
  const path = lockPath(t);
  assert.equal(takeLock(path, { where: 'here' }).owner, undefined);
  const other = spawnSync(process.execPath, ['--input-type=module', '-e', TAKE, path], { encoding: 'utf8' });
  assert.equal(other.stdout, 'no\n');
  assert.deepEqual(lockOwner(path), { ...IDENTITY, where: 'here' });
  releaseLock(path);
  assert.equal(existsSync(path), false);
});

test('R110 a lock of a dead process, of a reused pid and one that makes no sense are taken over', (t) => {
  const path = lockPath(t);
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  const left = [{ pid }, { pid: process.ppid, processStart: '1' }].map((each) => JSON.stringify(each));
  for (const text of [...left, '', '{"pid":', 'null', '[]']) {
    writeFileSync(path, text);
    assert.equal(takeLock(path).owner, undefined, text);
    assert.equal(lockOwner(path)?.pid, process.pid, text);
    releaseLock(path);
  }
  assert.deepEqual(readdirSync(join(path, '..')), []);
});

test('of many processes that find a stale lock at the same time one has it', async (t) => {
  const path = lockPath(t);
  writeFileSync(path, '{"pid":4194303}');
  const children = Array.from({ length: 6 }, () =>
    spawn(process.execPath, ['--input-type=module', '-e', TAKE, path], {
      stdio: ['pipe', 'pipe', 'inherit'],
    }),
  );
  const answers = await Promise.all(
    children.map(
      (child) => new Promise<string>((resolve) => child.stdout.once('data', (data) => resolve(String(data)))),
    ),
  );
  children.forEach((child) => child.stdin.end());
  assert.deepEqual(answers.filter((answer) => answer === 'yes\n').length, 1);
});
