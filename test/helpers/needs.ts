import { spawnSync } from 'node:child_process';

/**
 * For `skip` of a test that uses another program: false when it is there, else what to install. Where nothing may be absent
 * (CHRONUS_NOTHING_ABSENT, set in CI), an absent program is an error.
 */
export function needs(program: string, debianPackage: string): string | false {
  const found = spawnSync(process.platform === 'win32' ? 'where' : 'which', [program]).status === 0;
  if (found) return false;
  if (process.env.CHRONUS_NOTHING_ABSENT) throw new Error(`${program} is absent; install ${debianPackage}`);
  return `${program} is absent (Debian: ${debianPackage})`;
}
