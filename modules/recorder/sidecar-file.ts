/** What stands beside a take: `take.wav.json`, whole or not at all. Runs on: a writer's thread. */
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import type { Problem } from '../../engine/shared/outcome.js';
import { codeOf, sidecarPath } from './name.js';

/** Something that happened while the take ran, at a frame of the session. `kind` 'mark': a player's own word. */
export interface Mark {
  readonly kind: string;
  readonly frame: number;
  readonly text: string;
}

/** Blocks that were overwritten before the writer came to them, in frames of the session. */
export interface Gap {
  readonly frame: number;
  readonly frames: number;
}

/** Those within the take, in the order of their frames; one that ended by itself may have been told of what came after it. */
export function inside(marks: readonly Mark[], startFrame: number, frames: number): readonly Mark[] {
  return marks
    .filter(({ frame }) => frame >= startFrame && frame < startFrame + frames)
    .sort((a, b) => a.frame - b.frame);
}

/** Marks as cue points: a player's own words as they are, all else with its kind before it. */
export function cuesOf(marks: readonly Mark[], startFrame: number): { frame: number; label: string }[] {
  return marks.map(({ kind, frame, text }) => ({
    frame: frame - startFrame,
    label: kind === 'mark' ? text : `${kind}: ${text}`,
  }));
}

/** Written beside, synced, renamed. Its name was free when the take's file was made. */
export function writeSidecar(path: string, content: object): Problem | undefined {
  const temp = `${sidecarPath(path)}.tmp`;
  try {
    const fd = openSync(temp, 'w');
    try {
      writeFileSync(fd, `${JSON.stringify(content, null, 2)}\n`);
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    renameSync(temp, sidecarPath(path));
    return undefined;
  } catch (error) {
    rmSync(temp, { force: true });
    return {
      code: codeOf(error) === 'ENOSPC' ? 'E_FULL' : 'E_DISK',
      got: `${codeOf(error)} while writing ${sidecarPath(path)}`,
      allowed: 'a disk that takes what is known about the take',
      mend: `Make room, then chronus repair ${path} writes it again from the journal. The music goes on.`,
    };
  }
}
