/**
 * What a JSON text shows before it is parsed: how deep it goes, and the order of the members of one object.
 * The order is needed because a parsed object puts keys like `10` first, and the order of tracks is their play order.
 * Tolerates broken JSON: the parser after it says what is wrong.
 */
export interface Outline {
  readonly depth: number;
  /** The keys at `path` as they stand in the text, with quotes. */
  readonly keys: readonly string[];
}

interface Level {
  readonly isObject: boolean;
  key: string;
}

/** `path` leads to the object whose keys are wanted: ['sequencer', 'tracks']. Cost: one pass over the text. */
export function outline(text: string, path: readonly string[]): Outline {
  const wanted = path.map((key) => JSON.stringify(key));
  const levels: Level[] = [];
  const keys: string[] = [];
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === QUOTE) {
      const end = endOfString(text, i);
      const level = levels.at(-1);
      // Only the keys on the way and those at its end matter.
      if (level?.isObject && levels.length <= wanted.length + 1 && isKey(text, end)) {
        level.key = text.slice(i, end);
        if (leadsTo(levels, wanted)) keys.push(level.key);
      }
      i = end - 1;
    } else if (c === BRACE || c === BRACKET) {
      levels.push({ isObject: c === BRACE, key: '' });
      depth = Math.max(depth, levels.length);
    } else if (c === BRACE_END || c === BRACKET_END) {
      levels.pop();
    }
  }
  return { depth, keys };
}

const [QUOTE, BRACE, BRACKET, BRACE_END, BRACKET_END, BACKSLASH, COLON] = [...'"{[}]\\:'].map((c) =>
  c.charCodeAt(0),
) as [number, number, number, number, number, number, number];

/** Index behind the closing quote, or the end of the text. */
function endOfString(text: string, start: number): number {
  for (let i = start + 1; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === BACKSLASH) i++;
    else if (c === QUOTE) return i + 1;
  }
  return text.length;
}

function isKey(text: string, end: number): boolean {
  let i = end;
  while (i < text.length && text.charCodeAt(i) <= 32) i++;
  return text.charCodeAt(i) === COLON;
}

function leadsTo(levels: readonly Level[], wanted: readonly string[]): boolean {
  return levels.length === wanted.length + 1 && wanted.every((key, i) => levels[i]?.key === key);
}
