/** Why the control plane itself refuses a message. */
import { QUEUE_ENTRIES } from '../shared/core-layout.js';
import type { Problem } from '../shared/outcome.js';

export function queueFull(): Problem {
  return {
    code: 'E_QUEUE',
    got: 'a message for a later time',
    allowed: `${QUEUE_ENTRIES} commands that wait for their frame`,
    mend: 'Nothing was changed. Send it nearer to its time, or fewer ahead.',
  };
}

export function busy(waiting: number): Problem {
  return {
    code: 'E_BUSY',
    got: 'a message while a slot file is being read',
    allowed: `${waiting} messages waiting`,
    mend: 'Nothing was changed. Send it again in a moment.',
  };
}

export function defectProblem(defect: unknown): Problem {
  return {
    code: 'E_INTERNAL',
    got: defect instanceof Error ? defect.message : String(defect),
    allowed: 'nothing: this is a defect of the engine',
    mend: 'The music goes on. Please report it with this text.',
  };
}
