/**
 * The name a person gives a slot: one line of up to 128 characters. What does not fit is mended, not refused: nobody
 * should lose a state for its name.
 */
export const MAX_NAME = 128;

/** Control characters and the two line ends of Unicode: a name is shown in terminals and lists. */
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g;
const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

export interface Title {
  /** Absent: no name. */
  readonly name?: string;
  readonly warnings: readonly string[];
}

/** `where` names the place in a warning. */
export function readTitle(text: string, where: string): Title {
  const warnings: string[] = [];
  const printable = text.replace(CONTROL, ' ').replace(LONE_SURROGATE, '\ufffd');
  if (printable !== text) warnings.push(`${where}: characters that cannot be shown were replaced`);
  const characters = [...printable.trim()];
  if (characters.length > MAX_NAME)
    warnings.push(`${where}: cut to ${MAX_NAME} characters; it had ${characters.length}`);
  const name = characters.slice(0, MAX_NAME).join('').trim();
  return { ...(name !== '' && { name }), warnings };
}

/** The name in the bytes of a slot file, without a look at the rest; undefined: no JSON. */
export function titleIn(bytes: Uint8Array): Pick<Title, 'name'> | undefined {
  try {
    const document = JSON.parse(new TextDecoder().decode(bytes)) as { chronus?: { name?: unknown } } | null;
    const name = document?.chronus?.name;
    return typeof name === 'string' ? readTitle(name, '') : {};
  } catch {
    return undefined;
  }
}

/**
 * The text of a slot file with another name (undefined: none). Everything else stays as it is written, also what this
 * engine does not know. `text` must have been read without a problem (parseSlot). `format`: for a file without a part
 * of ours.
 */
export function retitle(text: string, name: string | undefined, format: number): string {
  const members = split(text);
  const own = split(members.get('chronus') ?? '{}');
  own.delete('name');
  if (name !== undefined && !own.has('format')) own.set('format', String(format));
  if (name !== undefined) own.set('name', JSON.stringify(name));
  if ([...own.keys()].some((key) => key !== 'format')) members.set('chronus', join(own, '  '));
  else members.delete('chronus');
  return join(members, '');
}

/** The members of a JSON object, in their order, each value as it is written. Of two with one key the last counts. */
function split(text: string): Map<string, string> {
  const members = new Map<string, string>();
  let depth = 0;
  let from = 0;
  let key: string | undefined;
  const end = (to: number): void => {
    if (key !== undefined) members.set(key, text.slice(from, to).trim());
    key = undefined;
  };
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (c === '"') {
      const close = endOfString(text, i);
      // At the first level a string is a key, or a value that ends at its comma.
      if (depth === 1 && key === undefined) {
        key = JSON.parse(text.slice(i, close)) as string;
        from = text.indexOf(':', close) + 1;
        i = from - 1;
      } else i = close - 1;
    } else if (c === '{' || c === '[') depth++;
    else if (c === ',' && depth === 1) end(i);
    else if (c === '}' || c === ']') {
      if (depth === 1) end(i);
      depth--;
    }
  }
  return members;
}

function join(members: ReadonlyMap<string, string>, indent: string): string {
  const lines = [...members].map(([key, value]) => `${indent}  ${JSON.stringify(key)}: ${value}`);
  return lines.length === 0 ? '{}' : `{\n${lines.join(',\n')}\n${indent}}`;
}

function endOfString(text: string, start: number): number {
  for (let i = start + 1; ; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === '"') return i + 1;
  }
}
