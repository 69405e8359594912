import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { parameters } from '../../engine/registry/address.js';
import { paramExample } from '../../engine/registry/docs.js';
import { ADDRESS_ALIASES } from '../../engine/registry/aliases.js';
import { ROUTE_BY_ADDRESS, ROUTES } from '../../engine/registry/routes.js';
import { schema } from '../../engine/registry/schema.js';
import { generatedDocs } from '../../scripts/generate-docs.js';
import { ROOT } from '../helpers/root.js';
import { createDesk } from '../control/desk.js';

const VOICES = 3;

test('no address is written twice', () => {
  const all = ROUTES.flatMap((row) => [row.address, ...(row.aliases ?? [])]);
  assert.equal(new Set(all).size, all.length);
});

test('R157: the schema names every route, parameter and gate, and no other', () => {
  const { modules, routes } = schema(VOICES);
  assert.deepEqual(
    Object.keys(routes),
    ROUTES.map((row) => row.address),
  );
  const params = Object.values(modules).flatMap((module) =>
    Object.values(module.params).map((param) => param.address),
  );
  assert.deepEqual(params.sort(), [...parameters(VOICES)].map(({ path }) => `/mod/${path}`).sort());
  const gates = Object.values(modules).flatMap((module) => module.gates);
  assert.deepEqual(gates, ['/gate/voice1', '/gate/voice2', '/gate/voice3', '/gate/acid1']);
});

test('R157: everything the schema names is taken by the control plane: examples of routes, parameters, gates, aliases', async () => {
  const desk = createDesk(VOICES);
  const refused = (lines: readonly string[]): string[] =>
    lines.filter((line) => /^\/(error|warn)/.test(line));
  try {
    for (const row of ROUTES) {
      // The load finds what the save before it has written.
      if (row.address === '/pattern/load') await desk.send('/pattern/save', Number(row.example[0]));
      for (const id of ['bass', 'lead'].filter((id) => row.example[0] === id)) {
        const known = desk.session.snapshot().sequencer.tracks.some((track) => track.id === id);
        if (!known) await desk.send('/seq/add', id, 'voice1', 'x.......');
      }
      assert.deepEqual(refused(await desk.send(row.address, ...row.example)), [], row.address);
    }
    for (const { path, row } of parameters(VOICES)) {
      assert.deepEqual(refused(await desk.send(`/mod/${path}`, paramExample(row))), [], path);
    }
    const { modules, aliases } = schema(VOICES);
    for (const gate of Object.values(modules).flatMap((module) => module.gates)) {
      assert.deepEqual(refused(await desk.send(gate, 1)), [], gate);
    }
    for (const [alias, address] of Object.entries(aliases)) {
      if (alias.startsWith('/mod/') || Object.hasOwn(ADDRESS_ALIASES, alias))
        assert.match((await desk.send(alias))[0] ?? '', new RegExp(`^${alias}/reply`));
      else if (alias.startsWith('/gate/')) assert.deepEqual(refused(await desk.send(alias, 0)), [], alias);
      else assert.equal(ROUTE_BY_ADDRESS.get(alias)?.address, address);
    }
  } finally {
    desk.close();
  }
});

test('what is committed in docs/ is what the tables say (npm run generate)', () => {
  for (const [path, text] of Object.entries(generatedDocs())) {
    assert.equal(readFileSync(join(ROOT, path), 'utf8'), text, `${path} is out of date: npm run generate`);
  }
});
