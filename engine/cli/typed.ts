/** Words of a command line as OSC arguments: 220 is an int, 220.0 and 1e3 are floats, all else is text. Pure. */
import type { Arg } from '../control/decode.js';
import { float, int, text } from '../control/encode.js';

const INTEGER = /^[+-]?(0|[1-9]\d*)$/;
const DECIMAL = /^[+-]?(\d+\.\d*|\.\d+|\d+(?=e))(e[+-]?\d+)?$/i;
const INT_32 = 2 ** 31;

/** `007` stays a text, as it is a name and no number; an integer beyond 32 bits goes as float. */
export function typed(word: string): Arg {
  const number = Number(word);
  if (INTEGER.test(word)) return number >= -INT_32 && number < INT_32 ? int(number) : float(number);
  return DECIMAL.test(word) ? float(number) : text(word);
}
