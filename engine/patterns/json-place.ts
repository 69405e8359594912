/**
 * Where a text stops to be JSON. The parser of the language does not always say; this one only looks, and only after
 * that one has refused.
 */

const BLANKS = /[ \t\n\r]*/y;
const STRING = /"[^"\\\u0000-\u001f]*(?:\\(?:["\\/bfnrt]|u[\da-fA-F]{4})[^"\\\u0000-\u001f]*)*"/y;
const PLAIN = /(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.+-])/y;

type Next = 'value' | 'value or end' | 'key' | 'key or end' | 'colon' | 'comma or end' | 'nothing';

/** Index of the first character that cannot stand there; the length of the text when it only ends too early. */
export function endOfJson(text: string): number {
  const open: ('{' | '[')[] = [];
  let next: Next = 'value';
  let at = 0;
  const take = (token: RegExp): boolean => {
    token.lastIndex = at;
    if (!token.test(text)) return false;
    at = token.lastIndex;
    return true;
  };
  const behindValue = (): Next => (open.length > 0 ? 'comma or end' : 'nothing');
  for (;;) {
    take(BLANKS);
    const c = text[at];
    if (c === undefined || next === 'nothing') return at;
    const wantsValue = next === 'value' || next === 'value or end';
    if ((next === 'key' || next === 'key or end') && c === '"') {
      if (!take(STRING)) return at;
      next = 'colon';
    } else if (wantsValue && (c === '{' || c === '[')) {
      open.push(c);
      next = c === '{' ? 'key or end' : 'value or end';
      at++;
    } else if (next.endsWith('or end') && c === (open.at(-1) === '{' ? '}' : ']')) {
      open.pop();
      next = behindValue();
      at++;
    } else if (wantsValue) {
      if (!take(STRING) && !take(PLAIN)) return at;
      next = behindValue();
    } else if (next === 'colon' && c === ':') {
      next = 'value';
      at++;
    } else if (next === 'comma or end' && c === ',') {
      next = open.at(-1) === '{' ? 'key' : 'value';
      at++;
    } else return at;
  }
}
