import assert from 'node:assert/strict';
import { test } from 'node:test';
import { outdated } from '../../scripts/generate/write.js';
import { ROOT } from '../helpers/root.js';

test('every generated file is what the tables give', () => {
  assert.deepEqual(outdated(ROOT), [], 'npm run generate writes them anew');
});
