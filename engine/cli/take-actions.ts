/** chronus verify and chronus repair: takes and their journals, without an engine. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { succeed, type Outcome } from '../shared/outcome.js';
import { mendTake } from '../takes/mend.js';
import { whatWasDone } from '../takes/recover.js';
import { verifyTake, type Verified } from '../takes/verify.js';
import { homeOf, wantsJson, type Flags } from './flags.js';
import { FAILED, give } from './output.js';

/** An engine that still runs writes its journal a moment later than its takes. */
const WAITS = 20;
const WAIT_MS = 100;

export async function verify(take: string, flags: Flags): Promise<void> {
  const { path, home, json } = read(take, flags);
  const show = progressOn(json);
  let outcome = verifyTake(path, home, show);
  for (let wait = 0; wait < WAITS && outcome.ok && outcome.value.unknownFrames > 0; wait++) {
    await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
    outcome = verifyTake(path, home, show);
  }
  give(said(outcome, verdict), json);
  if (outcome.ok && !outcome.value.identical) process.exitCode = FAILED;
}

export function repair(file: string, flags: Flags): void {
  const { path, home, json } = read(file, flags);
  const dryRun = flags['dryRun'] === true;
  const outcome = mendTake(path, { home, dryRun, progress: progressOn(json) });
  const wouldBe = dryRun ? 'Nothing was done. It would be so: ' : '';
  give(
    said(outcome, (mended) => `${mended.path}: ${wouldBe}${whatWasDone(mended)}`),
    json,
  );
}

/** A path; else a name in the recordings of the home. */
function read(take: string, flags: Flags): { path: string; home: string; json: boolean } {
  const home = homeOf(flags);
  const folder = process.env['CHRONUS_RECORDINGS'] ?? join(home, 'recordings');
  const named = [join(folder, take), join(folder, `${take}.wav`)].find((each) => existsSync(each));
  const path = existsSync(take) ? resolve(take) : (named ?? resolve(take));
  return { path, home, json: wantsJson(flags) };
}

function said<T extends object>(outcome: Outcome<T>, text: (value: T) => string) {
  if (!outcome.ok) return outcome;
  const { value, warnings } = outcome;
  return succeed({ document: value, text: text(value) }, warnings);
}

function verdict(verified: Verified): string {
  const { path, identical, frames, comparedFrames, differingFrames, firstDifference } = verified;
  const { missingFrames, unknownFrames, realTimeFactor } = verified;
  if (identical)
    return `${path}\n  identical: ${frames} frames are what was played (${realTimeFactor} times real time)`;
  const head = differingFrames + Math.abs(missingFrames) > 0 ? 'DIFFERS' : 'EQUAL AS FAR AS THE JOURNAL GOES';
  const lines = [`${path}\n  ${head}: ${differingFrames} of ${comparedFrames} frames that were compared`];
  if (firstDifference) {
    const { frame, seconds, channel, expected, got, sessionFrame } = firstDifference;
    lines.push(
      `  first at frame ${frame} (${seconds.toFixed(6)} s, session frame ${sessionFrame}), ` +
        `${channel === 0 ? 'left' : 'right'}: ${got}, played was ${expected}`,
    );
  }
  if (missingFrames > 0) lines.push(`  ${missingFrames} frames are missing at its end`);
  if (missingFrames < 0) lines.push(`  it has ${-missingFrames} frames more than the take had`);
  if (unknownFrames > 0)
    lines.push(`  ${unknownFrames} frames at its end lie behind the journal: nobody can say`);
  if (head === 'DIFFERS') lines.push(`  chronus repair ${path} puts it right`);
  return lines.join('\n');
}

/** Per cent on a terminal, for what lasts. */
function progressOn(json: boolean): (share: number) => void {
  if (json || process.stderr.isTTY !== true) return () => undefined;
  let shown = -1;
  return (share) => {
    const percent = Math.floor(share * 100);
    if (percent === shown) return;
    shown = percent;
    process.stderr.write(percent === 100 ? '\r     \r' : `\r${percent} %`);
  };
}
