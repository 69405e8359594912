/** One argument against every parameter an address pattern fits. Words are made for the first few only. */
import * as answer from './answer.js';
import { checkValue, limitWarnings } from './check.js';
import type { Arg } from './decode.js';
import type { Found } from './lookup.js';

export interface CheckedMany {
  readonly values: readonly (readonly [address: number, value: number])[];
  /** Datagrams for the sender, `most` at most. */
  readonly answers: readonly Uint8Array[];
  readonly clamped: number;
  readonly refused: number;
}

export function checkMany(found: readonly Found[], arg: Arg, voices: number, most: number): CheckedMany {
  const values: [number, number][] = [];
  const answers: Uint8Array[] = [];
  let clamped = 0;
  let refused = 0;
  for (const each of found) {
    if (each.kind !== 'param') continue;
    const value = checkValue(each, arg, voices);
    if (!value.ok) {
      refused++;
      if (answers.length < most) answers.push(answer.error(each.address, value.error));
      continue;
    }
    values.push([each.parameter.address, value.value.set]);
    if (!value.value.limited) continue;
    clamped++;
    if (answers.length >= most) continue;
    for (const warning of limitWarnings(each, value.value)) answers.push(answer.warn(each.address, warning));
  }
  return { values, answers, clamped, refused };
}
