/** The root of the repository, wherever the compiled tests lie. CHRONUS_ROOT overrides it. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = process.env['CHRONUS_ROOT'] ?? findRoot(dirname(fileURLToPath(import.meta.url)));

function findRoot(folder: string): string {
  const file = join(folder, 'package.json');
  if (existsSync(file) && readFileSync(file, 'utf8').includes('"name": "music-chronus"')) return folder;
  if (folder === dirname(folder)) throw new Error('no package.json of music-chronus above the tests');
  return findRoot(dirname(folder));
}
