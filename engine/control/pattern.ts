/**
 * OSC address patterns: `*` `?` `[1-4]` `[!ab]` `{one,two}`, each within one part between slashes.
 *
 * Matching follows all places in the address at once instead of trying one after the other, so no pattern can make it
 * slow: every piece but `*` takes at least one character, and after as many pieces as there are characters it is over.
 */

const SPECIAL = /[*?[\]{}]/;
const PIECE = /\*+|\?|\[(!?)([A-Za-z0-9_-]+)\]|\{([A-Za-z0-9_-]+(?:,[A-Za-z0-9_-]+)*)\}|[^*?[\]{}]/y;
const MAX_LENGTH = 256;

export function isPattern(address: string): boolean {
  return SPECIAL.test(address);
}

/** The places behind the piece, when it begins at `from`. */
type Piece = (address: string, from: number) => number[];

/** A test for whole addresses; undefined when a bracket or brace is not closed, empty, or holds what no name has. */
export function compilePattern(pattern: string): ((address: string) => boolean) | undefined {
  if (pattern.length > MAX_LENGTH) return undefined;
  const pieces: Piece[] = [];
  for (let at = 0; at < pattern.length; at = PIECE.lastIndex) {
    PIECE.lastIndex = at;
    const match = PIECE.exec(pattern);
    const piece = match && compilePiece(match[0], match[1] === '!', match[2], match[3]);
    if (!piece) return undefined;
    pieces.push(piece);
  }
  return (address) => follow(pieces, address);
}

function follow(pieces: readonly Piece[], address: string): boolean {
  let places = new Set([0]);
  for (const piece of pieces) {
    places = new Set([...places].flatMap((from) => piece(address, from)));
    if (places.size === 0) return false;
  }
  return places.has(address.length);
}

function compilePiece(text: string, not: boolean, set?: string, words?: string): Piece | undefined {
  if (text.startsWith('*')) return restOfPart;
  if (text === '?') return one((char) => char !== '/');
  if (words !== undefined) return oneOf(words.split(','));
  if (set === undefined) return one((char) => char === text);
  const inside = expand(set);
  return inside && one((char) => char !== '/' && inside.has(char) !== not);
}

const restOfPart: Piece = (address, from) => {
  const slash = address.indexOf('/', from);
  const end = slash < 0 ? address.length : slash;
  return Array.from({ length: end - from + 1 }, (_, i) => from + i);
};

function one(fits: (char: string) => boolean): Piece {
  return (address, from) => (from < address.length && fits(address[from] as string) ? [from + 1] : []);
}

function oneOf(words: readonly string[]): Piece {
  return (address, from) =>
    words.filter((word) => address.startsWith(word, from)).map((word) => from + word.length);
}

/** `a-c_` -> a, b, c, _. Undefined: a range that runs down. */
function expand(set: string): Set<string> | undefined {
  const inside = new Set<string>();
  for (let i = 0; i < set.length; i++) {
    const from = set.charCodeAt(i);
    const isRange = set[i + 1] === '-' && i + 2 < set.length;
    const to = isRange ? set.charCodeAt(i + 2) : from;
    if (to < from) return undefined;
    for (let code = from; code <= to; code++) inside.add(String.fromCharCode(code));
    if (isRange) i += 2;
  }
  return inside;
}
