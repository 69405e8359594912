import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  decisionsIn,
  figuresIn,
  numbersIn,
  readRequirements,
  readSources,
  testsIn,
} from '../scripts/requirements/read.js';
import { report } from '../scripts/requirements/report.js';
import { ROOT } from './helpers/root.js';

const LIST = '# Requirements\n\n## 1. One\n\n- R1: a.\n- R2: b.\n\n## 2. Two (later work)\n\n- R3: c.\n';

function of(list: string, tests = '', decisions = '') {
  return report({
    requirements: readRequirements(list),
    tests: testsIn('x.test.ts', tests),
    decisions: decisionsIn(decisions),
  });
}

test('the list has each number from 1 to 229 once, and every number that a test or a decision names', () => {
  const { held, problems } = report(readSources(ROOT));
  assert.deepEqual(problems, []);
  assert.equal(held.length, 229);
  assert.deepEqual(
    [...new Set(held.map(({ section }) => section.number))],
    Array.from({ length: 19 }, (_, i) => i + 1),
  );
  assert.ok(
    held.every(({ number }, i) => number === i + 1),
    'in their order',
  );
  assert.deepEqual(
    [...new Set(held.filter(({ section }) => section.later).map(({ section }) => section.number))],
    [16],
  );
});

test('a number that is missing, or there twice, is a problem', () => {
  assert.match(of(LIST.replace('- R2: b.\n', '')).problems.join(), /has R2 0 times/);
  assert.match(of(LIST.replace('R2', 'R1')).problems.join(), /has R1 2 times.*has R2 0 times/);
  assert.throws(() => of(`${LIST}- R4 d.\n`), /'- R4 d\.' is no line/);
});

test('a test or a decision for a number that does not exist is a problem', () => {
  assert.match(of(LIST, "test('R4 d', () => {});").problems.join(), /x\.test\.ts names R4/);
  assert.match(of(LIST, '', '7. **d** (R2, R5).').problems.join(), /docs\/decisions\.md 7 names R5/);
  assert.deepEqual(of(LIST, "test('R2 b', () => {});", '7. **a** (R1).').problems, []);
});

test('held by a test before a decision, left to later work, or open', () => {
  const { held } = of(LIST, "test('R2 b', () => {});", '7. **b** (R2).');
  assert.deepEqual(
    held.map(({ number, state }) => [number, state]),
    [
      [1, 'open'],
      [2, 'test'],
      [3, 'later'],
    ],
  );
});

test('numbers in names: lists, ranges, and what only looks like one', () => {
  assert.deepEqual(numbersIn('R1, R20: and R135 to R137, R140-R141'), [1, 20, 135, 136, 137, 140, 141]);
  assert.deepEqual(numbersIn('RF64, r5, R1234, AR1, EBU R128a'), []);
});

test('names of tests are found in all the forms there are, elsewhere nothing is', () => {
  const source = `
    test('R1 one', () => {});
    await t.test("R2 it's two", async () => {
    test(
      \`\${name}: R3 three\`,
    // R4 is no name
    assert.equal(x, 'R5');
  `;
  assert.deepEqual(
    testsIn('x', source).map(({ numbers }) => numbers),
    [[1], [2], [3]],
  );
  assert.deepEqual(
    figuresIn('x', "{ figure: 'R6 six', asked: 'R7' }, doc: 'R8'").map(({ numbers }) => numbers),
    [[6], [8]],
  );
});

test('npm run requirements: wrong use ends with 2, help with 0, --json is one document', () => {
  const run = (...flags: string[]) =>
    spawnSync(process.execPath, [join(ROOT, 'dist', 'scripts', 'requirements.js'), ...flags], {
      encoding: 'utf8',
    });
  const wrong = run('--opne');
  assert.deepEqual([wrong.status, wrong.stdout], [2, '']);
  assert.match(wrong.stderr, /--opne.*--help/s);
  assert.equal(run('--help').status, 0);
  const open = run('--open', '--json');
  const { requirements, problems } = JSON.parse(open.stdout) as {
    requirements: { state: string }[];
    problems: unknown[];
  };
  assert.deepEqual(problems, []);
  assert.ok(requirements.every(({ state }) => state === 'open'));
  assert.equal(open.status, requirements.length > 0 ? 1 : 0);
});
