/** Things that are measured in turns, so that what else the machine does falls on all of them alike. User CPU. */

/** Something that renders a block each time it is called. */
export type Block = () => void;

/** Microseconds of user CPU per call: one figure for each turn. */
export type Turns = readonly number[];

const WARM_UP = 600;

/** Calls each `blocks` times in each of `turns` turns, one after the other. */
export function inTurns(
  things: readonly Block[],
  { turns, blocks }: { readonly turns: number; readonly blocks: number },
): readonly Turns[] {
  // Until the compiler that makes fast code is done with all of it: the first calls run what was compiled in haste.
  for (const thing of things) cost(WARM_UP, thing);
  const figures = things.map((): number[] => []);
  for (let turn = 0; turn < turns; turn++)
    things.forEach((thing, i) => figures[i]?.push(cost(blocks, thing)));
  return figures;
}

export function cost(calls: number, call: Block): number {
  const before = process.cpuUsage().user;
  for (let i = 0; i < calls; i++) call();
  return (process.cpuUsage().user - before) / calls;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}

/** The median of what `act` makes of the figures of the same turn. */
export function medianOf(a: Turns, b: Turns, act: (a: number, b: number) => number): number {
  return median(a.map((x, turn) => act(x, b[turn] as number)));
}

export function rounded(x: number, digits = 1): number {
  return Number(x.toFixed(digits));
}
