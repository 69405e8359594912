/** Rows of `npm run chaos`, as text and as Markdown. */

export interface Row {
  readonly fault: string;
  readonly count: number;
  readonly changedSamples: number;
  readonly missingBlocks: number;
  readonly notRestored: number;
  /** Late blocks in real time, with faults and without; absent in virtual time, where no block has a deadline. */
  readonly late?: readonly [withFaults: number, control: number];
  readonly promotionMs: readonly number[];
  readonly redundancyMs: readonly number[];
  readonly blocks: number;
  readonly seed: number;
}

const HEADS = [
  'fault',
  'count',
  'changed samples',
  'missing blocks',
  'redundancy not back',
  'late blocks (control)',
  'promotion ms, median / worst',
  'redundancy ms, median / worst',
  'blocks compared',
  'seed',
];

export function tableHead(): string {
  return `| ${HEADS.join(' | ')} |\n|${HEADS.map(() => '---').join('|')}|`;
}

export function tableRow(row: Row): string {
  const cells = [
    row.fault,
    row.count,
    row.changedSamples,
    row.missingBlocks,
    row.notRestored,
    row.late ? `${row.late[0]} (${row.late[1]})` : '-',
    spread(row.promotionMs),
    spread(row.redundancyMs),
    row.blocks,
    row.seed,
  ];
  return `| ${cells.join(' | ')} |`;
}

function spread(values: readonly number[]): string {
  if (values.length === 0) return '-';
  const sorted = [...values].sort((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)] as number;
  return `${median.toFixed(1)} / ${(sorted.at(-1) as number).toFixed(1)}`;
}

/** True when the promises hold for this row. */
export function holds(row: Row): boolean {
  return row.changedSamples === 0 && row.missingBlocks === 0 && row.notRestored === 0;
}
