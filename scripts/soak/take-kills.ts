/**
 * An engine plays and records, and is killed at a random moment of a take, also while the take is being ended. Its file
 * is looked at as the kill has left it, then made whole from the journal and looked at again.
 */
import { existsSync, rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { mendTake } from '../../engine/takes/mend.js';
import { verifyTake } from '../../engine/takes/verify.js';
import { describeProblem } from '../../engine/shared/outcome.js';
import { openWav } from '../../modules/recorder/wav/wav-reader.js';
import { startEngine, type TestEngine } from '../../test/helpers/engine.js';
import { otherPrograms, type Others } from './other-programs.js';
import { inScope } from './scope.js';

export interface TakeKillOptions {
  /** Kills that leave a file; others are counted too. */
  readonly kills: number;
  readonly random: () => number;
  readonly say: (line: string) => void;
  /** From the start of a take to the kill, at most. */
  readonly longestMs?: number;
}

export interface TakeKills {
  kills: number;
  /** Kills before the start was answered that left no file, or none with its sidecar. */
  tooEarly: number;
  /** Kills while a take was being ended, and those that came when it had just been. */
  whileEnding: number;
  readonly programs: readonly string[];
  /** Frames that had been played for the take, and its file as it was left does not count. */
  worstLossFrames: number;
  /** Files that end behind the end of the journal, as the two are written one beside the other. */
  beyondJournal: number;
  /** Frames at the end of a file that lie behind the end of the journal. */
  worstUnknownFrames: number;
  comparedFrames: number;
  wrongFrames: number;
  addedFrames: number;
  readonly problems: string[];
}

const FORMATS = ['wav16', 'wav24', 'wav32f'] as const;
const PATTERNS = ['sunday-house', 'acid-rain', 'liquid-174', 'night-tide'] as const;
const LONGEST_MS = 3000;
/** One kill in so many comes behind a /record/stop. */
const ENDING_EVERY = 5;
const ENDING_MS = 40;
const RATE = 48_000;
const BLOCK = 256;

/** Two at a time: as many as a small machine has cores. */
export async function killWhileRecording(options: TakeKillOptions): Promise<TakeKills> {
  const { kills, say } = options;
  const others = otherPrograms();
  const result: TakeKills = {
    kills: 0,
    tooEarly: 0,
    whileEnding: 0,
    programs: others.names,
    worstLossFrames: 0,
    beyondJournal: 0,
    worstUnknownFrames: 0,
    comparedFrames: 0,
    wrongFrames: 0,
    addedFrames: 0,
    problems: [],
  };
  let round = 0;
  const lane = async (): Promise<void> => {
    while (round < kills + result.tooEarly) {
      const mine = round++;
      await inScope((scope) => oneKill(scope, mine, options, others, result));
      if (mine % 20 === 19) say(`${result.kills} kills, ${result.problems.length} problems`);
    }
  };
  await Promise.all([lane(), lane()]);
  return result;
}

async function oneKill(
  scope: Parameters<typeof startEngine>[0],
  round: number,
  { random, say, longestMs = LONGEST_MS }: TakeKillOptions,
  others: Others,
  result: TakeKills,
): Promise<void> {
  // Numbers are drawn before anything is waited for, so that a seed gives the same moments.
  const ending = round % ENDING_EVERY === ENDING_EVERY - 1;
  const afterMs = random() * longestMs;
  const endingMs = random() * ENDING_MS;
  const home = await mkdtemp(join(tmpdir(), 'chronus-take-kills-'));
  scope.after(() => rmSync(home, { recursive: true, force: true }));
  const pattern = PATTERNS[round % PATTERNS.length] as string;
  const engine = await startEngine(scope, {
    home,
    args: ['--no-standby', '--quiet', '--reserve', '0', '--play', pattern],
  });
  const format = FORMATS[round % FORMATS.length] as string;
  const seen: Seen = { answered: false, over: false, playedFrames: 0, atMs: NaN };
  const asked = engine.client
    .request('/record/start', ['take', format].map(text), { timeoutMs: 20_000 })
    .then(({ ok }) => (seen.answered = ok));
  const watched = watch(engine, seen);
  await sleep(afterMs);
  const endMs = performance.now();
  if (ending) {
    engine.send('/record/stop');
    await sleep(endingMs);
  }
  const killMs = performance.now();
  await engine.stop('SIGKILL');
  seen.over = true;
  // Nobody is there any more, which ends what still waits for an answer.
  engine.send('/engine/status');
  await Promise.allSettled([asked, watched]);
  const where = `kill ${round} (${format}, ${pattern}, after ${afterMs.toFixed(1)} ms${ending ? `, stopped ${endingMs.toFixed(1)} ms before` : ''})`;
  const path = join(home, 'recordings', 'take.wav');
  // What stands beside a take is written before its start is answered.
  const none = !existsSync(`${path}.json`);
  // A take that is stopped before its first block leaves nothing, by its own will.
  if (none && (!seen.answered || (ending && seen.playedFrames === 0))) return void result.tooEarly++;
  result.kills++;
  if (ending) result.whileEnding++;
  const played = playedFrames(seen, ending ? endMs : killMs);
  look(path, home, played, others, result, (what) => {
    result.problems.push(`${where}: ${what}`);
    say(`${where}: ${what}`);
  });
}

/** The last the engine has said of the take. */
interface Seen {
  answered: boolean;
  over: boolean;
  playedFrames: number;
  /** When it was asked for that. */
  atMs: number;
}

async function watch({ client }: TestEngine, seen: Seen): Promise<void> {
  while (!seen.over) {
    const atMs = performance.now();
    const status = await client.request('/record/status', [], { timeoutMs: 1000 });
    if (!status.ok) return;
    const { takes } = status.value as {
      takes: readonly { blocks?: number; waitingBlocks?: number }[];
    };
    const { blocks = 0, waitingBlocks = 0 } = takes[0] ?? {};
    if (blocks > 0) Object.assign(seen, { playedFrames: (blocks + waitingBlocks) * BLOCK, atMs });
    await sleep(100);
  }
}

/** Frames of the take that have been played by then: what the engine said last, and the time since. Rather too many. */
function playedFrames({ playedFrames, atMs }: Seen, now: number): number {
  return Number.isNaN(atMs) ? 0 : playedFrames + Math.max(0, Math.ceil(((now - atMs) * RATE) / 1000));
}

/** As another program finds it, against the journal; then made whole. */
function look(
  path: string,
  home: string,
  playedFrames: number,
  others: Others,
  result: TakeKills,
  wrong: (what: string) => void,
): void {
  const take = openWav(path);
  if (!take.ok) return wrong(describeProblem(take.error));
  const { headerFrames } = take.value;
  take.value.close();
  const fault = others.fault(path, headerFrames);
  if (fault !== undefined) wrong(fault);

  const before = verifyTake(path, home);
  if (!before.ok) return wrong(describeProblem(before.error));
  const { comparedFrames, differingFrames, unknownFrames, firstDifference } = before.value;
  result.comparedFrames += comparedFrames;
  result.wrongFrames += differingFrames;
  if (unknownFrames > 0) result.beyondJournal++;
  result.worstUnknownFrames = Math.max(result.worstUnknownFrames, unknownFrames);
  if (differingFrames > 0) wrong(`${differingFrames} wrong, first ${JSON.stringify(firstDifference)}`);

  const mended = mendTake(path, { home });
  if (!mended.ok) return wrong(describeProblem(mended.error));
  const loss = Math.max(mended.value.frames, playedFrames) - headerFrames;
  result.worstLossFrames = Math.max(result.worstLossFrames, loss);
  if (loss > RATE) wrong(`${loss} frames are not in the file`);
  result.addedFrames += mended.value.addedFrames;
  if (mended.value.from !== 'journal') wrong(`mended from ${mended.value.from}: ${mended.value.why}`);
  if (mended.value.changedFrames > 0) wrong(`mending changed ${mended.value.changedFrames} frames`);
  checkWhole(path, verifyTake(path, home), others, wrong);
}

function checkWhole(
  path: string,
  verified: ReturnType<typeof verifyTake>,
  others: Others,
  wrong: (what: string) => void,
): void {
  if (!verified.ok) return wrong(`afterwards: ${describeProblem(verified.error)}`);
  const { differingFrames, missingFrames, unfinished, frames } = verified.value;
  if (differingFrames !== 0 || missingFrames !== 0 || unfinished)
    wrong(`afterwards: ${JSON.stringify(verified.value)}`);
  const fault = others.fault(path, frames);
  if (fault !== undefined) wrong(`afterwards: ${fault}`);
}

function text(value: string): { readonly type: 's'; readonly value: string } {
  return { type: 's', value };
}
