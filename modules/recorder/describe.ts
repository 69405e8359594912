/** Takes as documents: for /record/status, /record/list and whoever stops one. Pure. */
import { describeProblem, type Outcome } from '../../engine/shared/outcome.js';
import { CHANNELS } from '../../engine/shared/tap.js';
import type { TakeProgress } from './progress.js';
import type { TakeState } from './states.js';
import type { TakeEnd, TakeSummary } from './take.js';
import type { SampleFormat } from './wav/format.js';
import { wavFileBytes } from './wav/wav-header.js';

/** What is known of a take while it runs. */
export interface RunningTake {
  readonly id: string;
  readonly state: TakeState;
  /** Empty before the file is there. */
  readonly path: string;
  readonly fromBlock: number;
  readonly sample: SampleFormat;
  readonly progress: TakeProgress;
}

export interface EndedTake {
  readonly id: string;
  readonly outcome: Outcome<TakeEnd>;
  readonly path: string;
}

/** Size of a file with so many frames, its end chunks not counted. */
export function fileBytes(sample: SampleFormat, frames: number): number {
  return wavFileBytes({ sampleRate: 0, channels: CHANNELS, sample }, { frames });
}

export function describeRunning(take: RunningTake, head: number, blockFrames: number, sampleRate: number) {
  const { id, state, path, fromBlock, sample, progress } = take;
  const { frames, blocks, lostBlocks, mostBehindBlocks } = progress;
  return {
    id,
    state,
    path,
    sample,
    startFrame: fromBlock * blockFrames,
    frames,
    seconds: frames / sampleRate,
    bytes: fileBytes(sample, frames),
    blocks,
    waitingBlocks: Math.max(0, head - fromBlock - blocks),
    lostBlocks,
    mostBehindBlocks,
  };
}

export function describeEnded({ id, outcome, path }: EndedTake): object {
  if (!outcome.ok) return { id, state: 'ERROR', path, problem: describeProblem(outcome.error) };
  const { summary, problem } = outcome.value;
  const { hashes: _, ...facts } = summary;
  return problem
    ? { id, state: 'ERROR', ...facts, problem: describeProblem(problem) }
    : { id, state: 'IDLE', ...facts };
}

/** Seconds of which the hashes go into a reply; those of a longer take stand in its sidecar only. */
const HASHES_IN_REPLY = 240;

export function forReply(summary: TakeSummary): TakeSummary {
  if ((summary.hashes?.list.length ?? 0) <= HASHES_IN_REPLY) return summary;
  const { hashes: _, ...facts } = summary;
  return facts;
}
