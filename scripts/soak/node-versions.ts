/** Other versions of Node beside this one: the npm package `node` holds the program. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

export interface NodeVersion {
  readonly path: string;
  /** As it says itself: 22.23.3 */
  readonly version: string;
}

/** Put into `folder`; those that cannot be got are missing. This one is among them where its number is asked for. */
export async function nodeVersions(majors: readonly number[], folder: string): Promise<NodeVersion[]> {
  const found: NodeVersion[] = [];
  for (const major of majors) {
    const own = Number(process.versions.node.split('.')[0]) === major;
    const path = own ? process.execPath : await install(major, folder);
    const asked = path === undefined ? undefined : spawnSync(path, ['-p', 'process.versions.node']);
    const version = asked?.stdout?.toString().trim();
    if (path !== undefined && version?.startsWith(`${major}.`)) found.push({ path, version });
  }
  return found;
}

async function install(major: number, folder: string): Promise<string | undefined> {
  const prefix = join(folder, `node${major}`);
  const flags = ['--no-save', '--no-audit', '--no-fund', '--loglevel', 'error', '--prefix', prefix];
  const npm = spawn('npm', ['install', ...flags, `node@${major}`], {
    stdio: 'ignore',
    shell: process.platform === 'win32',
  });
  npm.once('error', () => undefined);
  const [code] = (await once(npm, 'close')) as [number | null];
  return code === 0 ? join(prefix, 'node_modules', 'node', 'bin', 'node') : undefined;
}
