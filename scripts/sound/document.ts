/** docs/sound.md: written here, and read again by the test that keeps it true. */
import { markdownTable, plain } from '../markdown.js';
import type { Plot, SoundFigure, SoundPart } from './part.js';

/** What was measured of a part. */
export interface Measured {
  readonly part: SoundPart;
  readonly figures: readonly SoundFigure[];
}

const HEAD = ['claim', 'asked', 'measured', 'reached'] as const;

const fileOf = ({ name }: Plot): string => `sound/${name}.svg`;

function sectionText({ part, figures }: Measured, plots: readonly Plot[]): string {
  const rows = figures.map(({ claim, asked, measured, reached }) =>
    [claim, asked, measured, reached ? 'yes' : 'no'].map(plain),
  );
  return [
    `## ${part.name}\n`,
    `${plain(part.doc)} Again: \`npm run sound -- --only ${part.name}\`\n`,
    markdownTable(HEAD, rows),
    ...plots.map((plot) => `![${plain(plot.title)}](${fileOf(plot)})\n`),
  ].join('\n');
}

export function documentOf(
  measured: readonly Measured[],
  plots: ReadonlyMap<SoundPart, readonly Plot[]>,
): string {
  const all = measured.flatMap(({ figures }) => figures);
  const reached = all.filter((figure) => figure.reached).length;
  const intro = `# Sound, measured

Written by \`npm run sound -- --write\`: ${all.length} figures, ${reached} of them reached. Each is measured with the kernels
that play, at 48 kHz unless it says otherwise, and asserted in \`npm test\`. \`npm run sound\` prints them again.
`;
  return [intro, ...measured.map((each) => sectionText(each, plots.get(each.part) ?? []))].join('\n');
}

export interface Section {
  /** The texts of the column 'asked', in the order of the figures, as the document has them. */
  readonly asked: readonly string[];
  /** Below docs/. */
  readonly pictures: readonly string[];
}

/** Sections of the document by the names of their parts. */
export function sectionsIn(text: string): Map<string, Section> {
  return new Map(
    text
      .split(/^## /m)
      .slice(1)
      .map((section) => {
        const name = section.slice(0, section.indexOf('\n'));
        const rows = [...section.matchAll(/^\| (.*) \|$/gm)]
          .slice(2)
          .map(([, row]) => row?.split(/ \| /) ?? []);
        const asked = rows.map((cells) => (cells[1] ?? '').trim());
        return [name, { asked, pictures: [...section.matchAll(/\]\((\S+)\)$/gm)].map(([, at]) => at ?? '') }];
      }),
  );
}
