/** OSC address patterns: `*` `?` `[1-4]` `[!ab]` `{one,two}`, each within one part between slashes. */

const SPECIAL = /[*?[\]{}]/;

export function isPattern(address: string): boolean {
  return SPECIAL.test(address);
}

/**
 * A test for whole addresses, or undefined when a bracket or brace is not closed. The parts it is tried on are short
 * (names of modules and parameters), so the regular expressions cannot run long.
 */
export function compilePattern(pattern: string): ((address: string) => boolean) | undefined {
  if (pattern.length > 256) return undefined;
  let source = '';
  for (let i = 0; i < pattern.length; i++) {
    const char = pattern[i] as string;
    if (char === '*') {
      while (pattern[i + 1] === '*') i++;
      source += '[^/]*';
    } else if (char === '?') {
      source += '[^/]';
    } else if (char === '[' || char === '{') {
      const end = pattern.indexOf(char === '[' ? ']' : '}', i);
      const inside = end < 0 ? '' : pattern.slice(i + 1, end);
      const part = char === '[' ? charClass(inside) : choice(inside);
      if (part === undefined) return undefined;
      source += part;
      i = end;
    } else if (char === ']' || char === '}') {
      return undefined;
    } else {
      source += escape(char);
    }
  }
  const regex = new RegExp(`^${source}$`);
  return (address) => regex.test(address);
}

function charClass(inside: string): string | undefined {
  const not = inside.startsWith('!');
  const set = not ? inside.slice(1) : inside;
  if (set === '' || /[^A-Za-z0-9_-]/.test(set) || runsDown(set)) return undefined;
  return not ? `[^/${set}]` : `[${set}]`;
}

/** True for a range from a later to an earlier character, which no regular expression takes. */
function runsDown(set: string): boolean {
  return [...set.matchAll(/(.)-(.)/g)].some(([, from, to]) => (from as string) > (to as string));
}

function choice(inside: string): string | undefined {
  if (/[^A-Za-z0-9_,-]/.test(inside)) return undefined;
  return `(?:${inside.split(',').map(escape).join('|')})`;
}

function escape(text: string): string {
  return text.replace(/[^A-Za-z0-9_/]/g, '\\$&');
}
