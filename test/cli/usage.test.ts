import assert from 'node:assert/strict';
import test from 'node:test';
import type { Command, CommanderError } from 'commander';
import { build, Ended } from '../../engine/cli/main.js';
import { usageProblem } from '../../engine/cli/usage.js';
import { chronus, chronusJson, forEach, tempHome } from '../helpers/engine.js';

interface UsageError {
  readonly code: string;
  readonly got: string;
  readonly allowed: string;
  readonly nearest?: readonly string[];
  readonly mend: string;
}

async function wrong(args: readonly string[]): Promise<UsageError> {
  const { error } = await chronusJson(args, 2);
  return error as UsageError;
}

/** The commands a help text names. */
function commandsIn(help: string): string[] {
  const [, list = ''] = help.split('Commands:\n');
  const names = [
    ...list
      .split('\n\n', 1)
      .join()
      .matchAll(/^ {2}(\w+)/gm),
  ].map(([, name]) => name as string);
  return names.filter((name) => name !== 'help');
}

/** Every command and subcommand, as its words. */
async function everyCommand(): Promise<string[][]> {
  const top = commandsIn((await chronus(['--help'])).stdout);
  const groups = ['seq', 'pattern', 'record'];
  const below = await Promise.all(
    groups.map(async (group) =>
      commandsIn((await chronus([group, '--help'])).stdout).map((name) => [group, name]),
    ),
  );
  return [...top.filter((name) => !groups.includes(name)).map((name) => [name]), ...below.flat()];
}

interface Parsed {
  readonly command: Command;
  readonly cause: CommanderError;
  readonly printed: string;
}

/** What the command line makes of these words, in this process: all commands at once cost a second instead of many. */
async function parse(words: readonly string[]): Promise<Parsed> {
  const program = await build(words[0]);
  let printed = '';
  listen(program, (text) => (printed += text));
  try {
    await program.parseAsync(['node', 'chronus', ...words]);
  } catch (error) {
    if (error instanceof Ended) return { command: error.command, cause: error.cause, printed };
    throw error;
  }
  return assert.fail(`chronus ${words.join(' ')} was done`);
}

function listen(command: Command, hear: (text: string) => void): void {
  command.configureOutput({ writeOut: hear, writeErr: hear });
  for (const each of command.commands) listen(each, hear);
}

test('every command: an unknown flag is wrong use and is named; the help has examples', async () => {
  const commands = await everyCommand();
  for (const name of ['start', 'render', 'play', 'set', 'get', 'gate', 'status', 'schema', 'devices']) {
    assert.ok(
      commands.some(([first]) => first === name),
      name,
    );
  }
  assert.ok(commands.length >= 24, `found ${commands.length}`);
  for (const words of commands) {
    const ended = await parse([...words, '--no-such-flag']);
    assert.equal(ended.cause.exitCode, 1, 'wrong use');
    const { code, got } = usageProblem(ended.command, ended.cause);
    assert.equal(code, 'E_USAGE');
    assert.match(got, /--no-such-flag/);
    assert.match(got, new RegExp(`chronus ${words.join(' ')}`));
    const help = await parse([...words, '--help']);
    assert.equal(help.cause.exitCode, 0);
    assert.match(help.printed, /Examples:\n {2}chronus /, words.join(' '));
  }
});

test('a process ends with code 2 for an unknown flag, with 0 for help, for a command and a subcommand', async () => {
  await forEach([['start'], ['record', 'start']], async (words) => {
    const ended = await chronus([...words, '--no-such-flag', '--json']);
    assert.equal(ended.code, 2, ended.stderr);
    const { error } = JSON.parse(ended.stdout) as { error: { code: string; got: string } };
    assert.deepEqual([error.code, /--no-such-flag/.test(error.got)], ['E_USAGE', true]);
    const help = await chronus([...words, '--help']);
    assert.deepEqual([help.code, help.stderr], [0, '']);
    assert.match(help.stdout, /Examples:\n {2}chronus /);
  });
});

test('a mistyped command, subcommand or flag is answered with the nearest one', async () => {
  assert.deepEqual((await wrong(['stauts'])).nearest?.[0], 'status');
  assert.deepEqual((await wrong(['seq', 'claer'])).nearest, ['clear']);
  assert.deepEqual((await wrong(['start', '--voces', '8'])).nearest, ['--voices']);
});

test('missing and surplus arguments end with code 2 and say the usage', async () => {
  assert.match((await wrong(['set', 'voice1/freq'])).got, /'value'/);
  assert.match((await wrong(['seq', 'add', 'kick'])).allowed, /<track> <voice> <pattern> \[values\.\.\.\]/);
  assert.match((await wrong(['pattern', 'load', '1', 'now', 'more'])).got, /too many arguments/);
  const noValue = await chronus(['status', '--home']);
  assert.equal(noValue.code, 2);
  assert.match(noValue.stderr, /--home <dir>/);
});

test('start: a number out of range ends with code 2, whether from a flag or the environment', async (t) => {
  const home = await tempHome(t);
  const { error } = await chronusJson(['start', '--home', home, '--voices', '0'], 2);
  assert.deepEqual([(error as UsageError).code, (error as UsageError).got], ['E_OPTION', "--voices '0'"]);
  const ran = await chronus(['start', '--home', home], { CHRONUS_BUFFER_SIZE: '100' });
  assert.equal(ran.code, 2);
  assert.match(ran.stderr, /CHRONUS_BUFFER_SIZE '100'/);
});

test('without arguments the help goes to stderr and the code is 2; --help and --version end with 0', async () => {
  const bare = await chronus([]);
  assert.deepEqual([bare.code, bare.stdout], [2, '']);
  assert.match(bare.stderr, /Usage: chronus/);
  const help = await chronus(['--help']);
  assert.equal(help.code, 0);
  assert.match(help.stdout, /Exit codes: 0 done, 1 failed, 2 wrong use/);
  const version = await chronus(['--version']);
  assert.equal(version.code, 0);
  assert.match(version.stdout, /^\d+\.\d+\.\d+\n$/);
});

test('without --json a problem goes to stderr as lines that say the mend', async () => {
  const { code, stdout, stderr } = await chronus(['statsu']);
  assert.deepEqual([code, stdout], [2, '']);
  assert.match(stderr, /^E_USAGE: got unknown command 'statsu'/);
  assert.match(stderr, /did you mean: status/);
  assert.match(stderr, /chronus --help/);
});
