/** Requirements, the names of tests and the decisions, as they stand in the files of the repository. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Section {
  readonly number: number;
  readonly title: string;
  /** Left to later work: need not be held. */
  readonly later: boolean;
}

export interface Requirement {
  readonly number: number;
  readonly section: Section;
  readonly text: string;
}

/** A place that names requirements: a test, a soak part or a decision. */
export interface Holder {
  /** File, for a decision with its number. */
  readonly where: string;
  readonly text: string;
  readonly numbers: readonly number[];
}

export interface Sources {
  readonly requirements: readonly Requirement[];
  readonly tests: readonly Holder[];
  readonly decisions: readonly Holder[];
}

const LATER = / \(later work\)$/;

/** Lines `- R7: text` below headings `## 1. title`. Throws where a line is neither, as nothing may fall through. */
export function readRequirements(markdown: string): Requirement[] {
  const found: Requirement[] = [];
  let section: Section | undefined;
  for (const line of markdown.split('\n')) {
    const heading = /^## (\d+)\. (.+)$/.exec(line);
    if (heading) {
      const title = heading[2] as string;
      section = { number: Number(heading[1]), title: title.replace(LATER, ''), later: LATER.test(title) };
    } else if (section && line !== '') {
      const [, number, text] = /^- R(\d+): (.+)$/.exec(line) ?? [];
      if (number === undefined || text === undefined)
        throw new Error(`docs/requirements.md: '${line}' is no line like '- R7: text'`);
      found.push({ number: Number(number), section, text });
    }
  }
  return found;
}

/** `R7`, and both ends and all between of `R135 to R143` or `R135-R143`. */
export function numbersIn(text: string): number[] {
  const numbers: number[] = [];
  for (const [, first, last] of text.matchAll(/\bR(\d{1,3})\b(?:\s*(?:-|–|to)\s*R(\d{1,3})\b)?/g)) {
    const end = Number(last ?? first);
    for (let number = Number(first); number <= end; number++) numbers.push(number);
  }
  return numbers;
}

const STRING = /'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`/;
/** test('name' ... of a file, t.test too. Comments that lie in between are none of our style. */
const TEST = new RegExp(`\\btest\\(\\s*(${STRING.source})`, 'g');
/** What a soak part says it counts. */
const FIGURE = new RegExp(`\\b(?:doc|figure):\\s*(${STRING.source})`, 'g');

/** Tests, or with FIGURE figures, whose name holds a requirement. */
function holdersIn(where: string, source: string, names: RegExp): Holder[] {
  return [...source.matchAll(names)]
    .map(([, literal = '']) => literal.slice(1, -1))
    .map((text) => ({ where, text, numbers: numbersIn(text) }))
    .filter(({ numbers }) => numbers.length > 0);
}

export const testsIn = (where: string, source: string): Holder[] => holdersIn(where, source, TEST);
export const figuresIn = (where: string, source: string): Holder[] => holdersIn(where, source, FIGURE);

/** Numbered paragraphs of docs/decisions.md that name a requirement. */
export function decisionsIn(markdown: string): Holder[] {
  return markdown
    .split(/\n(?=\d+\. |#)/)
    .map((text) => ({ text: text.replace(/\s+/g, ' ').trim(), number: /^(\d+)\. /.exec(text)?.[1] }))
    .filter(({ number }) => number !== undefined)
    .map(({ text, number }) => ({
      where: `docs/decisions.md ${number}`,
      text: text.replace(/^\d+\. /, ''),
      numbers: numbersIn(text),
    }))
    .filter(({ numbers }) => numbers.length > 0);
}

/** Everything, from the sources below `root`. */
export function readSources(root: string): Sources {
  const text = (path: string): string => readFileSync(join(root, path), 'utf8');
  const files = (folder: string, ending: string): string[] =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .map((file) => `${folder}/${file.replaceAll('\\', '/')}`)
      .filter((file) => file.endsWith(ending))
      .sort();
  return {
    requirements: readRequirements(text('docs/requirements.md')),
    tests: [
      ...files('test', '.test.ts').flatMap((file) => testsIn(file, text(file))),
      ...files('scripts/soak', '.ts').flatMap((file) => figuresIn(file, text(file))),
    ],
    decisions: decisionsIn(text('docs/decisions.md')),
  };
}
