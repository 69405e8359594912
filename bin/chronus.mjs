#!/usr/bin/env node
import { existsSync } from 'node:fs';

const cli = new URL('../dist/engine/cli/main.js', import.meta.url);
if (!existsSync(cli)) {
  console.error(
    'chronus is not built yet. Run `npm run build` (or `npm start`) in the folder of the project once.',
  );
  process.exit(1);
}
const { main } = await import(cli.href);
await main(process.argv);
