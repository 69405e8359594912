/** Why a take ended against the player's will. Pure. */
import type { Problem } from '../../engine/shared/outcome.js';
import { codeOf } from './name.js';

export function nothing(): Problem {
  return {
    code: 'E_EMPTY',
    got: 'no audio',
    allowed: 'at least one block between start and stop',
    mend: 'The engine played nothing while the take ran; the empty file was removed. Look at /engine/status.',
  };
}

export function diskProblem(path: string, error: unknown): Problem {
  return {
    code: codeOf(error) === 'ENOSPC' ? 'E_FULL' : 'E_DISK',
    got: `${codeOf(error)} while writing ${path}`,
    allowed: 'a disk that takes the samples',
    mend: 'The take has ended; the file holds what came before and opens. Make room, then start again. The music goes on.',
  };
}

export function sizeProblem(bytes: number): Problem {
  return {
    code: 'E_SIZE',
    got: `a file of ${bytes} bytes`,
    allowed: 'what the file may hold',
    mend: 'The take has ended and its file is whole. Start another one; dur= ends takes before that.',
  };
}

export function goneProblem(path: string): Problem {
  return {
    code: 'E_GONE',
    got: `${path}, which was removed or replaced while it was being recorded`,
    allowed: 'a file that stays where it is until the take has ended',
    mend: 'Its sound is in the journal: chronus journal names the run, chronus render journal/RUN --from S --to S makes it again.',
  };
}
