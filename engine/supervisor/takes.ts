/** What binds takes and the journal: each tells the other. Runs on: main thread. */
import type { RecorderOptions } from '../../modules/recorder/recorder.js';
import { describeProblem, fail, succeed } from '../shared/outcome.js';
import { mendAside } from '../takes/mend-aside.js';
import type { JournalPort } from './journal-port.js';

/** For the recorder: its takes and marks stand in the journal, and from there comes what a writer lost. */
export function journaled(
  journal: JournalPort,
  home: string,
): Pick<RecorderOptions, 'onTake' | 'onMark' | 'restore'> {
  return {
    onTake(note) {
      // So that the take can be rendered without all that came before it.
      if (note.event === 'start') journal.snapshot();
      journal.note({ kind: 'take', ...note });
    },
    onMark: ({ kind, frame, text }) =>
      journal.note({ kind: 'mark', frame, text, ...(kind === 'mark' ? {} : { of: kind }) }),
    async restore(path, endFrame) {
      if (!(await journal.reached(endFrame))) return fail(journalEnded(path));
      const mended = await mendAside(path, { home, endFrame, own: true });
      if (!mended.ok) return mended;
      const { frames, measured, addedFrames, changedFrames } = mended.value;
      if (!measured) return fail(journalEnded(path));
      return succeed({ frames, measured, restoredFrames: addedFrames + changedFrames });
    },
  };
}

/** Takes begin, end and fail: a line each. */
export function takeNews(say: (line: string) => void): Pick<RecorderOptions, 'onChange' | 'onEnded'> {
  return {
    onChange({ id, state, path, problem }) {
      if (state === 'RECORDING') say(`Take '${id}' records to ${path ?? '?'}.`);
      if (problem) say(`Take '${id}' has failed. ${describeProblem(problem)}`);
    },
    onEnded: (id, { path, seconds, bytes }) =>
      say(`Take '${id}' has ended: ${path}, ${seconds.toFixed(2)} s, ${(bytes / 1e6).toFixed(2)} MB.`),
  };
}

function journalEnded(path: string) {
  return {
    code: 'E_JOURNAL_END',
    where: 'file',
    got: `${path}, of which the journal does not hold everything`,
    allowed: 'a journal that goes on to the end of the take',
    mend: 'The silence in it stays. See /engine/status for the state of the journal.',
  };
}
