/** What programs that are not ours say of a WAV file. */
import { spawnSync } from 'node:child_process';
import { needs } from '../../test/helpers/needs.js';

export interface Others {
  readonly names: readonly string[];
  /** What is wrong with the file for them, which should have so many frames; undefined: nothing. */
  fault(path: string, frames: number): string | undefined;
}

type Look = (path: string) => number | string;

/** Those that are on this machine. */
export function otherPrograms(): Others {
  const all: readonly [name: string, debianPackage: string, look: Look][] = [
    ['sox', 'sox', withSox],
    ['ffprobe', 'ffmpeg', withFfprobe],
  ];
  const found = all.filter(([name, debianPackage]) => !needs(name, debianPackage));
  return {
    names: found.map(([name]) => name),
    fault(path, frames) {
      for (const [name, , look] of found) {
        const seen = look(path);
        if (seen !== frames)
          return `${name}: ${seen}${typeof seen === 'number' ? ` frames, not ${frames}` : ''}`;
      }
      return undefined;
    },
  };
}

/** Decodes all of it. Frames, or what it complains of. */
function withSox(path: string): number | string {
  const { status, stderr } = spawnSync('sox', [path, '-n', 'stat'], { encoding: 'utf8' });
  const complaint = stderr.split('\n').find((line) => /FAIL|WARN (wav|raw)|premature/i.test(line));
  const samples = /Samples read:\s*(\d+)/.exec(stderr)?.[1];
  if (status !== 0 || complaint !== undefined || samples === undefined)
    return complaint ?? `ended with ${status}: ${stderr}`;
  return Number(samples) / 2;
}

/** Frames as it understands the head, or what it complains of. */
function withFfprobe(path: string): number | string {
  const { status, stdout, stderr } = spawnSync(
    'ffprobe',
    ['-v', 'error', '-show_entries', 'stream=duration_ts', '-of', 'csv=p=0', path],
    { encoding: 'utf8' },
  );
  if (status !== 0 || stderr !== '') return stderr.trim() || `ended with ${status}`;
  // It has no duration for a file without a frame.
  return stdout.trim() === 'N/A' ? 0 : Number(stdout.trim());
}
