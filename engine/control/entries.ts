/** Commands as log entries, and why they cannot be written. */
import { NOW, STAGE_WORDS, type Command, type Entry } from '../shared/command.js';
import { WAITING_EDITS } from '../shared/core-layout.js';
import { show, type Problem } from '../shared/outcome.js';
import { TRACKS } from '../shared/track.js';
import type { By } from './state.js';

export function entry(command: Command, { source, when = NOW }: By): Entry {
  return { command, when, source };
}

/** Content for a commit, six words to the entry. */
export function stage(region: number, words: readonly number[], source: number): Entry[] {
  return Array.from({ length: Math.ceil(words.length / STAGE_WORDS) }, (_, i) => {
    const offset = i * STAGE_WORDS;
    return entry(
      { kind: 'stage', region, offset, words: words.slice(offset, offset + STAGE_WORDS) },
      { source },
    );
  });
}

export function busy(): Problem {
  return {
    code: 'E_BUSY',
    got: 'a command while the command log is full',
    allowed: 'as many commands as the engine can play',
    mend: 'Nothing was changed. Send it again in a moment, and send fewer at a time.',
  };
}

export function noRoom(): Problem {
  return {
    code: 'E_QUEUE',
    got: 'one more edit that waits',
    allowed: `${WAITING_EDITS} edits that wait for a step, a bar or their time`,
    mend: 'Nothing was changed. Send it again when some of them have acted.',
  };
}

export function nothingToUndo(): Problem {
  return {
    code: 'E_UNDO',
    got: 'an undo before any load',
    allowed: 'one after a load',
    mend: 'Nothing was changed. Load a slot with /pattern/load first.',
  };
}

export function noPlace(id: string): Problem {
  return {
    code: 'E_TRACKS',
    got: `${show(id)} as one more track`,
    allowed: `${TRACKS} tracks`,
    mend: 'Nothing was changed. Remove a track with /seq/remove first.',
  };
}
