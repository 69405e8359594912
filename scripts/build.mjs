// npm run build: compiles everything; with --generate also rewrites the generated sources and documents first.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { compileKernels, compileTypescript, root } from './steps.mjs';

compileTypescript();
if (process.argv.includes('--generate')) {
  const { writeGenerated } = await import(pathToFileURL(join(root, 'dist/scripts/generate/write.js')).href);
  const written = writeGenerated(root);
  console.error(written.length ? `Written: ${written.join(', ')}` : 'Generated files are up to date.');
}
compileKernels();
writeFileSync(join(root, 'dist', '.built'), '');
