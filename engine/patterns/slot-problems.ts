/** Why a slot cannot be used, in words for people. */
import type { Problem } from '../shared/outcome.js';

/** `newest`: the path of the newest backup. */
export function freeSlot(slot: number, used: readonly number[], newest: string | undefined): Problem {
  const last =
    newest === undefined
      ? ''
      : ` What it held last is in ${newest}; /pattern/restore ${slot} brings it back.`;
  return {
    code: 'E_SLOT_EMPTY',
    got: `slot ${slot}, which is free`,
    allowed: used.length > 0 ? `a used slot: ${used.join(', ')}` : 'a used slot; none is',
    mend: `Nothing was changed. Choose a used slot, or save into this one first.${last}`,
  };
}

export function hopeless(path: string, damage: Problem): Problem {
  const where = damage.where === undefined ? '' : ` at ${damage.where}`;
  return {
    code: 'E_SLOT_DAMAGED',
    where: path,
    got: `${damage.got}${where}`,
    allowed: damage.allowed,
    mend: 'Nothing was changed, and the slot has no good backup. Correct the file, or save the slot anew.',
  };
}

export function futureSlot(path: string, { where, ...problem }: Problem): Problem {
  return { ...problem, where: `${path}, ${where}` };
}

export function sameSlot(slot: number): Problem {
  return {
    code: 'E_SLOT_SAME',
    got: `slot ${slot} twice`,
    allowed: 'two different slots',
    mend: 'Nothing was changed. Send the slot to copy from, then the one to copy into.',
  };
}
