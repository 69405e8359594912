/** The figures of a part for a terminal. */
import type { Measured } from './document.js';

/** Columns: claim, asked, measured, reached. What is longer goes on in the next line. */
const WIDTHS = [56, 26, 34, 7];

function wrapped(text: string, width: number): string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    const last = lines.at(-1) ?? '';
    const longer = last === '' ? word : `${last} ${word}`;
    if (longer.length <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines.filter((line, i) => line !== '' || (i === 0 && text === ''));
}

function row(cells: readonly string[]): string {
  const columns = cells.map((cell, i) => wrapped(cell, WIDTHS[i]!));
  const lines = Math.max(...columns.map((column) => column.length));
  return Array.from({ length: lines }, (_, n) =>
    columns.map((column, i) => (column[n] ?? '').padEnd(WIDTHS[i]!)).join('  '),
  )
    .map((line) => `  ${line.trimEnd()}\n`)
    .join('');
}

export function soundTable({ part, figures }: Measured): string {
  const rows = figures.map(({ claim, asked, measured, reached }) =>
    row([claim, asked, measured, reached ? 'yes' : 'NO']),
  );
  return `${part.name}: ${part.doc}\n${row(['claim', 'asked', 'measured', 'reached'])}${rows.join('')}`;
}
