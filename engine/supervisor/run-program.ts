/** A run again, whole or a part of it, with the core it ran with. */
import { JournalError, type Hole, type RunJournal, type Span } from './journal-file.js';
import { TAP_LEAD_FRAMES } from '../shared/tap-names.js';
import type { Program } from './program.js';

/** In session frames. */
export interface FrameRange {
  readonly startFrame: number;
  readonly frames: number;
}

/**
 * Begins at the newest snapshot before the range. Throws JournalError when the journal does not hold all of the range:
 * E_JOURNAL_HOLE, E_JOURNAL_END; or its core: E_JOURNAL_FILE.
 */
export function runProgram(run: RunJournal, range?: FrameRange): Program {
  const { sampleRate, blockFrames, voices } = run.info;
  const startFrame = range?.startFrame ?? 0;
  const frames = range?.frames ?? run.blocks * blockFrames;
  const from = Math.floor(startFrame / blockFrames);
  const to = Math.ceil((startFrame + frames) / blockFrames);
  const span = run.spans.find((each) => each.from <= from && to <= each.to);
  const hole = run.holes.find((each) => each.from < to && from < each.to);
  if (!span && hole && to <= run.blocks) throw new JournalError(holeProblem(run, range, hole));
  if (!span) throw new JournalError(endProblem(run, startFrame + frames));
  // Without a range it is the whole run from its start, as somebody who distrusts snapshots wants it.
  const begin =
    range &&
    run.snapshots.findLast(
      // A tap taken before the master is delayed to line up with it: that delay has to fill first.
      ({ block }) => block > 0 && block >= span.from && block * blockFrames <= startFrame - TAP_LEAD_FRAMES,
    );
  return {
    sampleRate,
    blockFrames,
    voices,
    core: run.core,
    startFrame,
    frames,
    entries: (block) => run.commands.get(block),
    ...(begin && { begin: { block: begin.block, state: begin.state() } }),
  };
}

function holeProblem(run: RunJournal, range: FrameRange | undefined, hole: Hole) {
  const { blockFrames } = run.info;
  const wanted = range
    ? `frames ${range.startFrame} to ${range.startFrame + range.frames}`
    : `the whole run (frames 0 to ${run.blocks * blockFrames})`;
  return {
    code: 'E_JOURNAL_HOLE',
    where: run.folder,
    got: `${wanted}; frames ${hole.from * blockFrames} to ${hole.to * blockFrames} are lost, as ${hole.why}`,
    allowed: `what is there: ${run.spans.map((span) => describeSpan(run, span)).join(', ') || 'nothing'}`,
    mend: `Nothing was rendered. Choose a part with --from and --to, or put a good copy of the damaged file into ${run.folder}.`,
  };
}

function endProblem(run: RunJournal, wanted: number) {
  return {
    code: 'E_JOURNAL_END',
    where: run.folder,
    got: `frames up to ${wanted}, where the journal ends at frame ${run.blocks * run.info.blockFrames}`,
    allowed: `what is there: ${run.spans.map((span) => describeSpan(run, span)).join(', ')}`,
    mend: 'Nothing was rendered. If the engine still runs, try again in a moment; else render what is there with --from and --to.',
  };
}

/** In seconds that lie inside, as --from and --to take them, and in frames. */
export function describeSpan({ info: { sampleRate, blockFrames } }: RunJournal, { from, to }: Span): string {
  const seconds = (block: number, round: (x: number) => number): number =>
    round((block * blockFrames * 1000) / sampleRate) / 1000;
  return `${seconds(from, Math.ceil)} to ${seconds(to, Math.floor)} s (frames ${from * blockFrames} to ${to * blockFrames})`;
}
