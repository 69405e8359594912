// What it takes to get from a fresh clone to a built engine. Plain JavaScript: nothing is installed yet when it runs.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const at = (...parts) => join(root, ...parts);
const modified = (file) => (existsSync(file) ? statSync(file).mtimeMs : 0);

/** Files below `folder` whose names end in one of `endings`. */
function filesIn(folder, endings) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && endings.some((ending) => entry.name.endsWith(ending)))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
}

/** Runs a step; when it fails, says which one, and how to mend it, and ends with exit code 1. */
export function step(name, command, args, mend) {
  const result = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: false,
  });
  if (result.status === 0) return;
  const why = result.error ? result.error.message : `exit code ${result.status}`;
  console.error(`\n${name} failed (${why}).\n${mend}`);
  process.exit(1);
}

const npm = () => process.env.npm_execpath;

/** Installs what the lock file names, when it is not there or older than the lock file. */
export function install() {
  if (modified(at('node_modules', '.package-lock.json')) >= modified(at('package-lock.json'))) return;
  console.error('Installing packages (npm ci) ...');
  const args = ['ci', '--no-audit', '--no-fund', '--loglevel=error'];
  const mend = 'Is the npm registry reachable? Try `npm ci` by hand and read its last lines.';
  if (npm()) step('Installing', process.execPath, [npm(), ...args], mend);
  else step('Installing', process.platform === 'win32' ? 'npm.cmd' : 'npm', args, mend);
}

const SOURCES = ['client', 'engine', 'modules', 'scripts', 'test'];
const WASM = ['core.simd.wasm', 'core.scalar.wasm', 'bus.simd.wasm', 'bus.scalar.wasm', 'yardstick.wasm'];

/** True when something in the sources is newer than what was built. */
export function stale() {
  const sources = SOURCES.flatMap((folder) => filesIn(at(folder), ['.ts', '.mjs']));
  sources.push(at('tsconfig.json'), at('package-lock.json'));
  const built = Math.min(modified(at('dist', '.built')), ...WASM.map((file) => modified(at('build', file))));
  return sources.some((file) => modified(file) > built);
}

const script = (...parts) => at('node_modules', ...parts);

/** TypeScript to dist/. */
export function compileTypescript() {
  step(
    'Compiling TypeScript',
    process.execPath,
    [script('typescript', 'bin', 'tsc'), '-p', 'tsconfig.json'],
    'The messages above name file and line. `npm run build` tries again.',
  );
}

const SIMD = ['--enable', 'simd', '--use', 'lane=v128', '--use', 'mask=v128', '--use', 'word=v128'];
const SCALAR = ['--disable', 'simd', '--use', 'lane=f32', '--use', 'mask=bool', '--use', 'word=i32'];

function assemble(entry, out, flags) {
  mkdirSync(at('build'), { recursive: true });
  step(
    `Compiling ${out}`,
    process.execPath,
    [
      script('assemblyscript', 'bin', 'asc.js'),
      entry,
      ...['--runtime', 'stub', '--noAssert'],
      ...['--importMemory', '--sharedMemory', '--initialMemory', '64', '--maximumMemory', '1024'],
      ...['--zeroFilledMemory', '--memoryBase', '1024'],
      ...['--enable', 'threads,bulk-memory'],
      ...['--transform', './scripts/lanes/transform.mjs'],
      ...flags,
      ...['-o', `build/${out}`],
    ],
    'The messages above name file and line of the kernel.',
  );
}

/** Small; what hot loops call says 'inline' (scripts/lanes/transform.mjs). */
const SMALL = ['--optimizeLevel', '3', '--shrinkLevel', '1'];
const FAST = ['-O3'];

/** Kernels to build/*.wasm: the one that ships (four lanes) and its scalar twin for the tests. */
export function compileKernels() {
  assemble('engine/core/core.ts', 'core.simd.wasm', [...SIMD, ...SMALL]);
  const spread = at('scripts', 'lanes', 'constants.mjs');
  const core = at('build', 'core.simd.wasm');
  step(
    'Making core.simd.wasm smaller',
    process.execPath,
    [spread, core],
    'Is the package binaryen there? npm ci',
  );
  assemble('engine/core/core.ts', 'core.scalar.wasm', [...SCALAR, ...SMALL]);
  assemble('engine/core/bus-probe.ts', 'bus.simd.wasm', [...SIMD, ...SMALL]);
  assemble('engine/core/bus-probe.ts', 'bus.scalar.wasm', [...SCALAR, ...SMALL]);
  assemble('scripts/bench/yardstick.lane.ts', 'yardstick.wasm', [...SIMD, ...FAST]);
}
