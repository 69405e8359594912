/** `npm run generate`: writes every generated source file, or with --check says which one is out of date. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fixturesText, FIXTURES_PATH } from '../fixtures.js';
import { generatedDocs } from '../generate-docs.js';
import { clientDocs } from './client-docs.js';
import { clientSource } from './client.js';
import { coreLayout, laneLayout } from './layout.js';

export const GENERATED: Readonly<Record<string, () => string>> = {
  'engine/core/generated/layout.ts': coreLayout,
  'engine/core/generated/params.lane.ts': laneLayout,
  'client/generated/api.ts': clientSource,
  'docs/client.md': clientDocs,
  [FIXTURES_PATH]: fixturesText,
  'docs/OSC.md': () => generatedDocs()['docs/OSC.md'] ?? '',
  'docs/schema.json': () => generatedDocs()['docs/schema.json'] ?? '',
};

/** Files under `root` that differ from what the tables give. */
export function outdated(root: string): string[] {
  return Object.entries(GENERATED)
    .filter(([file, make]) => {
      try {
        return readFileSync(join(root, file), 'utf8') !== make();
      } catch {
        return true;
      }
    })
    .map(([file]) => file);
}

export function writeGenerated(root: string): string[] {
  const files = outdated(root);
  for (const file of files) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), (GENERATED[file] as () => string)());
  }
  return files;
}
