/**
 * Writes docs/OSC.md and docs/schema.json from the tables. A test compares what is committed with what comes out.
 *
 *      node <built>/scripts/generate-docs.js [root of the repository]
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { oscDocs } from '../engine/registry/docs.js';
import { schema } from '../engine/registry/schema.js';

/** The default number of voices. */
const VOICES = 16;

/** Path from the root of the repository -> text. */
export function generatedDocs(): Readonly<Record<string, string>> {
  return {
    'docs/OSC.md': oscDocs(),
    'docs/schema.json': `${JSON.stringify(schema(VOICES), null, 2)}\n`,
  };
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  for (const [path, text] of Object.entries(generatedDocs())) {
    writeFileSync(join(process.argv[2] ?? process.cwd(), path), text);
  }
}
