/**
 * Puts the segments of a run together: what is known of it without a gap, and what is not.
 *
 *      known ----------| damage, or a segment is missing |---- blocks whose state nobody knows ----| snapshot: known again
 *            <- span ->|<------------------------- hole ----------------------------------------->|<- span
 */
import { join } from 'node:path';
import type { Problem } from '../shared/outcome.js';
import { RUN_FORMAT, segmentFile, type JournalNote, type RunInfo } from './journal-format.js';
import type { Segment } from './journal-open.js';

/** Blocks from `from` up to, but not with, `to`. */
export interface Span {
  readonly from: number;
  readonly to: number;
}
export interface Hole extends Span {
  /** Number of the segment. */
  readonly segment: number;
  /** Where in it; undefined: it is missing, or does not belong here. */
  readonly byte: number | undefined;
  readonly why: string;
}
export interface PlacedNote {
  readonly block: number;
  readonly note: JournalNote;
}

export interface RunIndex {
  readonly blocks: number;
  readonly spans: readonly Span[];
  readonly holes: readonly Hole[];
  readonly snapshots: readonly { readonly block: number; readonly at: number; readonly segment: Segment }[];
  readonly notes: readonly PlacedNote[];
  /** For each segment whether it belongs to this run. */
  readonly commands: readonly boolean[];
  readonly problems: readonly Problem[];
}

type Loss = Pick<Hole, 'segment' | 'byte' | 'why'>;

/** A walk over the blocks of a run. */
class Walk {
  readonly spans: Span[] = [];
  readonly holes: Hole[] = [];
  /** Everything before it has been met. */
  known = 0;
  /** Where the span began in which it is; undefined: in a hole. */
  #open: number | undefined = 0;
  #loss: (Loss & { readonly from: number; readonly open: number }) | undefined;

  reach(block: number): void {
    this.known = Math.max(this.known, block);
  }

  /** False: it is in a hole already. */
  lose(loss: Loss): boolean {
    if (this.#open === undefined) return false;
    this.#loss = { ...loss, from: this.known, open: this.#open };
    this.#open = undefined;
    return true;
  }

  snapshot(block: number): void {
    const loss = this.#loss;
    this.reach(block);
    if (!loss) return;
    this.#loss = undefined;
    this.#open = block;
    // What was lost lay between two moments with no block between them.
    if (block === loss.from) this.#open = loss.open;
    else this.#close(loss, block);
  }

  end(): void {
    if (!this.#loss) this.spans.push({ from: this.#open ?? 0, to: this.known });
    // How far the run went is not known: at least a block more.
    else this.#close(this.#loss, (this.known = Math.max(this.known, this.#loss.from + 1)));
  }

  #close({ from, open, segment, byte, why }: Loss & { from: number; open: number }, to: number): void {
    if (from > open) this.spans.push({ from: open, to: from });
    this.holes.push({ from, to, segment, byte, why });
  }
}

export function indexRun(segments: readonly Segment[], info: RunInfo, folder: string): RunIndex {
  const walk = new Walk();
  const snapshots: RunIndex['snapshots'][number][] = [];
  const notes: PlacedNote[] = [];
  const commands: boolean[] = [];
  const problems: Problem[] = [];
  const tell = (file: string, what: string, consequence: string, byte?: number): void => {
    const at = byte === undefined ? '' : ` at byte ${byte}`;
    problems.push(problem(join(folder, file), `${file} ${what}${at}${consequence}`));
  };
  let expected = 1;
  for (const segment of segments) {
    const { number, file, scan } = segment;
    if (number > expected) {
      const range = expected === number - 1 ? '' : ` to ${segmentFile(number - 1)}`;
      const why = `${segmentFile(expected)}${range} is missing`;
      walk.lose({ segment: expected, byte: undefined, why });
      tell(segmentFile(expected), `${range.trim()} is missing`.trim(), '');
    }
    expected = number + 1;
    const stranger = foreign(segment, info);
    commands.push(stranger === undefined);
    if (stranger !== undefined) {
      walk.lose({ segment: number, byte: undefined, why: `${file} ${stranger}` });
      tell(file, stranger, '');
      continue;
    }
    if (scan.head && scan.head.block > walk.known) {
      const why = `${segmentFile(number - 1)} ends before ${file} begins`;
      // What was lost before is told already.
      if (walk.lose({ segment: number - 1, byte: undefined, why }))
        tell(
          segmentFile(number - 1),
          `ends at block ${walk.known}, before ${file} begins at block ${scan.head.block}`,
          '',
        );
    }
    for (const event of scan.events) {
      if (event.kind === 'known') walk.reach(event.block);
      else if (event.kind === 'snapshot') {
        walk.snapshot(event.block);
        snapshots.push({ block: event.block, at: event.at, segment });
      } else {
        const size = `of ${scan.size}, behind block ${walk.known}`;
        const what = event.lost
          ? 'commands may be lost'
          : event.what === 'SNAP'
            ? 'a snapshot is lost, no sound'
            : 'no sound is lost';
        tell(file, 'is damaged', ` ${size}: ${what}`, event.at);
        if (event.lost)
          walk.lose({ segment: number, byte: event.at, why: `${file} is damaged at byte ${event.at}` });
      }
    }
    notes.push(...scan.notes);
  }
  if (segments.length === 0) {
    tell(segmentFile(1), 'is missing', '');
    walk.lose({ segment: 1, byte: undefined, why: `${segmentFile(1)} is missing` });
  }
  walk.end();
  const { spans, holes, known: blocks } = walk;
  return { blocks, spans, holes, snapshots, notes, commands, problems };
}

/** Why a segment is none of this run; undefined: it is. */
function foreign({ number, scan: { head } }: Segment, info: RunInfo): string | undefined {
  if (head?.format !== undefined && head.format !== RUN_FORMAT) {
    return `has format ${head.format}, this is ${RUN_FORMAT}`;
  }
  if (head?.run !== undefined && head.run !== info.id) return 'belongs to another run';
  if (head?.segment !== undefined && head.segment !== number) return `is segment ${head.segment}`;
  return undefined;
}

function problem(where: string, got: string): Problem {
  return {
    code: 'E_JOURNAL',
    where,
    got,
    allowed: 'the segments as the run has written them',
    mend: 'Put a good copy of that file there, or render what lies before and behind it (chronus render RUN --from S --to S).',
  };
}
