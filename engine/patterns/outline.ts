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
    const c = text[i];
    if (c === '{' || c === '[') {
      levels.push({ isObject: c === '{', key: '' });
      depth = Math.max(depth, levels.length);
    } else if (c === '}' || c === ']') {
      levels.pop();
    } else if (c === '"') {
      const end = endOfString(text, i);
      const level = levels.at(-1);
      if (level?.isObject && isKey(text, end)) {
        level.key = text.slice(i, end);
        if (leadsTo(levels, wanted)) keys.push(level.key);
      }
      i = end - 1;
    }
  }
  return { depth, keys };
}

/** Index behind the closing quote, or the end of the text. */
function endOfString(text: string, start: number): number {
  for (let i = start + 1; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === '"') return i + 1;
  }
  return text.length;
}

function isKey(text: string, end: number): boolean {
  let i = end;
  while (i < text.length && /\s/.test(text[i] ?? '')) i++;
  return text[i] === ':';
}

function leadsTo(levels: readonly Level[], wanted: readonly string[]): boolean {
  return levels.length === wanted.length + 1 && wanted.every((key, i) => levels[i]?.key === key);
}
