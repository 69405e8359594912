import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { chronus, chronusQuick, startEngine, tempHome } from './helpers/engine.js';
import { needs } from './helpers/needs.js';
import { ROOT } from './helpers/root.js';

const README = readFileSync(join(ROOT, 'README.md'), 'utf8');
/** Every line of every block marked `sh`, in order. */
function commandsOf(text: string): string[] {
  return [...text.matchAll(/```sh\n([\s\S]*?)```/g)].flatMap(([, block]) => (block ?? '').trim().split('\n'));
}

const COMMANDS = commandsOf(README);
const PACKAGE = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>;
};

/** The words of an `npx chronus` line; paths of the repository made absolute. */
function words(line: string): string[] {
  return line
    .split(' ')
    .slice(2)
    .map((word) => (word.startsWith('patterns/') ? join(ROOT, word) : word));
}

test('README: every command is one that is tested here', () => {
  assert.ok(COMMANDS.length > 10, `only ${COMMANDS.length} commands found`);
  for (const line of COMMANDS) assert.match(line, /^(npx chronus |oscsend localhost 5005 |npm test$)/);
  for (const [, script] of README.matchAll(/`npm (?:run )?([a-z]+)`/g)) {
    assert.ok(script && (script in PACKAGE.scripts || script === 'test'), `npm run ${script} does not exist`);
  }
});

test('README: the WAV in a minute has the length, peak and RMS that are printed there', async (t) => {
  const home = await tempHome(t);
  const line = COMMANDS.find((command) => command.includes('chronus render patterns/')) ?? '';
  const file = join(home, 'out.wav');
  const args = words(line).map((word) => (word === 'out.wav' ? file : word));
  const ran = await chronus(args);
  assert.equal(ran.code, 0, ran.stderr);
  const printed = /length .* RMS \S+ dBFS/.exec(README)?.[0];
  assert.ok(
    ran.stdout.includes(printed ?? 'missing'),
    `README says: ${printed}\nthe program says: ${ran.stdout}`,
  );
});

test('README: the live commands work one after the other, and the take renders again', async (t) => {
  const engine = await startEngine(t, { args: ['--play', 'first-light'] });
  const live = COMMANDS.filter(
    (command) => command.startsWith('npx chronus') && !/render|bench/.test(command),
  );
  assert.ok(live.length >= 7);
  for (const line of live) {
    const ran = await chronus([...words(line), '--home', engine.home]);
    assert.equal(ran.code, 0, `${line}: ${ran.stdout}${ran.stderr}`);
  }
  const take = join(engine.home, 'recordings', 'my-take.wav');
  assert.ok(existsSync(take));
  assert.equal((await engine.stop('SIGINT')).code, 0);
  const again = await chronus(['render', take, '-o', join(engine.home, 'again.wav')]);
  assert.equal(again.code, 0, again.stderr);
  const [one, two] = [take, join(engine.home, 'again.wav')].map((path) => samplesOf(path));
  assert.ok(one && two && one.length > 0 && one.equals(two));
});

/** The bytes of the samples of a file of ours. */
function samplesOf(path: string): Buffer {
  const bytes = readFileSync(path);
  return bytes.subarray(1024, 1024 + bytes.readUInt32LE(1020));
}

test('R174 docs/recording.md: every command works, one after the other, in an engine that plays', async (t) => {
  const engine = await startEngine(t, { args: ['--play', 'first-light', '--reserve', '0'] });
  const { home } = engine;
  const [run] = readdirSync(join(home, 'journal'));
  const commands = commandsOf(readFileSync(join(ROOT, 'docs', 'recording.md'), 'utf8'));
  assert.ok(commands.length > 12, `only ${commands.length} commands found`);
  for (const line of commands) {
    assert.match(line, /^npx chronus /);
    const args = line
      .split(' ')
      .slice(2)
      .map((word, i, all) =>
        all[i - 1] === '-o' || /^(recordings|journal)\//.test(word) ? join(home, word) : word,
      )
      .map((word) => word.replace('RUN', String(run)));
    // What is to be rendered has to have been played.
    const seconds = Number(/--to (\d+)/.exec(line)?.[1] ?? 0);
    const played = async (): Promise<number> =>
      ((await engine.request('/engine/status')) as { frame: number }).frame / 48_000;
    for (let i = 0; i < 200 && (await played()) < seconds + 0.5; i++)
      await new Promise((resolve) => setTimeout(resolve, 50));
    const ran = await chronusQuick([...args, '--home', home]);
    assert.equal(ran.code, 0, `${line}: ${ran.stdout}${ran.stderr}`);
  }
});

test('README: the OSC messages are understood', { skip: needs('oscsend', 'liblo-tools') }, async (t) => {
  // Some are for a rehearsal; the others do not mind.
  const engine = await startEngine(t, { args: ['--chaos'] });
  const standsBy = async (): Promise<boolean> =>
    ((await engine.request('/engine/status')) as { slots: { state: string }[] }).slots.some(
      ({ state }) => state === 'standby',
    );
  for (let i = 0; i < 200 && !(await standsBy()); i++)
    await new Promise((resolve) => setTimeout(resolve, 20));
  for (const line of COMMANDS.filter((command) => command.startsWith('oscsend'))) {
    const parts = (line.match(/"[^"]*"|\S+/g) ?? []).map((word) => word.replaceAll('"', ''));
    const [program, host, , ...rest] = parts;
    const ran = spawnSync(program ?? '', [host ?? '', String(engine.port), ...rest]);
    assert.equal(ran.status, 0, `${line}: ${ran.stderr}`);
  }
  const control = async (): Promise<{ received: number; unknown: number; refused: number }> =>
    (
      (await engine.request('/engine/status')) as {
        control: { received: number; unknown: number; refused: number };
      }
    ).control;
  const sent = COMMANDS.filter((command) => command.startsWith('oscsend')).length;
  let counts = await control();
  // Datagrams of other processes may still be on their way.
  for (let i = 0; i < 100 && counts.received < sent; i++) counts = await control();
  assert.deepEqual([counts.unknown, counts.refused], [0, 0]);
  const { running, tracks } = (await engine.request('/seq/status')) as {
    running: boolean;
    tracks: { id: string }[];
  };
  assert.equal(running, true);
  assert.deepEqual(
    tracks.map(({ id }) => id),
    ['kick', 'hats'],
  );
});
