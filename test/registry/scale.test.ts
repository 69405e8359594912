import assert from 'node:assert/strict';
import test from 'node:test';
import { parameters } from '../../engine/registry/address.js';
import { clamp, map, unmap } from '../../engine/registry/scale.js';
import { isWhole } from '../../engine/shared/table.js';

const rows = [...parameters(1)];

test('map and unmap are inverses over every row', () => {
  for (const { path, row } of rows) {
    for (let i = 0; i <= 20; i++) {
      const value = map(row, i / 20);
      assert.ok(value >= row.min && value <= row.max, `${path}: ${value} outside ${row.min}..${row.max}`);
      const again = map(row, unmap(row, value));
      assert.ok(
        Math.abs(again - value) <= 1e-9 * Math.max(1, Math.abs(row.max)),
        `${path}: ${value} came back as ${again}`,
      );
      if (!isWhole(row))
        assert.ok(Math.abs(unmap(row, value) - i / 20) < 1e-9, `${path}: position ${i / 20}`);
    }
  }
});

test('both ends are exact, positions and values outside count as the nearer end', () => {
  for (const { path, row } of rows) {
    assert.equal(map(row, -1), row.min, path);
    assert.equal(map(row, 2), row.max, path);
    assert.equal(unmap(row, row.min - 1), 0, path);
    assert.equal(unmap(row, row.max + 1), 1, path);
    assert.equal(clamp(row, -1e9), row.min, path);
    assert.equal(clamp(row, 1e9), row.max, path);
  }
});

test('whole rows cut the fraction off, as the original did', () => {
  const type = rows.find(({ path }) => path === 'voice1/osc/type');
  assert.ok(type);
  assert.equal(clamp(type.row, 3.9), 3);
});
