/** R115, R122, R126, R128: a disk that is filled to its last byte while an engine records on it. */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Scope } from '../../test/helpers/engine.js';
import {
  isProblem,
  lateIn,
  lookAt,
  ownHome,
  startRig,
  until,
  type EngineStatus,
  type Looked,
  type Rig,
} from './disk-run.js';
import type { Figure, SoakOptions, SoakPart } from './part.js';
import { inScope } from './scope.js';
import { fill, smallDisk } from './small-disk.js';

/** Room for a minute of 24 bits, which a start asks for, and not much more. */
const TAKES_MB = 24;
/** With a home on it: twice the reserve of the journal. */
const HOME_MB = 72;
const ANNOUNCED_MS = 1000;

async function run({ quick, say }: SoakOptions): Promise<Figure[]> {
  const seconds = quick ? 2 : 10;
  return [
    ...(await inScope((scope) => takesOnly(scope, seconds, say))),
    ...(await inScope((scope) => wholeHome(scope, seconds, say))),
  ];
}

interface Filled {
  readonly saidMs: number | undefined;
  readonly code: string;
  readonly lateBefore: number;
  readonly lateFull: number;
  readonly take: Looked;
  /** After that time on a full disk. */
  readonly status: EngineStatus;
  /** Codes with which a start and a keep are refused. */
  readonly refused: readonly string[];
  empty(): void;
}

/** Records, fills the disk, and looks. */
async function fillWhileRecording(rig: Rig, disk: string, seconds: number): Promise<Filled> {
  const started = await rig.ask('/record/start', 'full', 'wav24');
  if (isProblem(started)) throw new Error(`no take: ${started.code} ${started.got}`);
  const lateBefore = await lateIn(rig, seconds);
  const { fullAtMs, empty } = fill(disk);
  const said = await until(10_000, () => rig.errors.length > 0);
  const first = rig.errors[0];
  const lateFull = await lateIn(rig, seconds);
  const refused: string[] = [];
  for (const words of [['/record/start', 'second'], ['/record/keep']] as const) {
    const [address, ...rest] = words;
    const answer = await rig.ask(address, ...rest);
    refused.push(isProblem(answer) ? answer.code : 'none');
  }
  return {
    saidMs: said === undefined || !first ? undefined : first.atMs - fullAtMs,
    code: first?.code ?? 'nothing',
    lateBefore,
    lateFull,
    take: lookAt(String(started['path']), rig.home),
    status: await rig.status(),
    refused,
    empty,
  };
}

/** A take and a keep when there is room again: faults. */
async function goesOn(rig: Rig): Promise<string[]> {
  const faults: string[] = [];
  const started = await rig.ask('/record/start', 'after', 'wav16');
  if (isProblem(started)) return [`start: ${started.code} ${started.got}`];
  await sleep(500);
  const ended = [await rig.ask('/record/stop'), await rig.ask('/record/keep', 3, 'kept')];
  for (const take of ended) {
    if (isProblem(take)) faults.push(`${take.code} ${take.got}`);
    else {
      const { fault } = lookAt(String(take['path']), rig.home);
      if (fault !== undefined) faults.push(fault);
    }
  }
  return faults;
}

/** The next engine completes it. */
async function completed(scope: Scope, rig: Rig): Promise<string | undefined> {
  const next = await startRig(scope, rig.home, rig.recordings);
  const path = join(rig.recordings, 'full.wav');
  const came = await until(20_000, () => !lookAt(path, rig.home).unfinished);
  const { fault } = lookAt(path, rig.home);
  await next.engine.stop();
  return came === undefined ? 'the sidecar is not complete after 20 s' : fault;
}

function figures(what: string, filled: Filled): Figure[] {
  const { saidMs, code, take, lateBefore, lateFull, refused } = filled;
  return [
    {
      figure: `R122 ${what}: /recording/error behind the moment at which not a byte more went in`,
      asked: `E_FULL within ${ANNOUNCED_MS} ms`,
      measured: saidMs === undefined ? 'nothing came' : `${code} after ${saidMs.toFixed(0)} ms`,
      reached: code === 'E_FULL' && saidMs !== undefined && saidMs <= ANNOUNCED_MS,
    },
    {
      figure: `R122 R126 ${what}: the take that was ended by it`,
      asked: 'opens in other programs, every sample is that of the journal',
      measured:
        take.fault ??
        `opens; ${take.differingFrames} of ${take.frames} frames wrong; its sidecar is ${take.unfinished ? 'left unfinished' : 'complete'}`,
      reached: take.fault === undefined && take.frames > 0,
    },
    {
      figure: `R115 ${what}: late blocks, as long before as behind`,
      asked: 'none more',
      measured: `${lateFull}, before ${lateBefore}`,
      reached: lateFull <= lateBefore,
    },
    {
      figure: `R119 ${what}: another start and a keep`,
      asked: 'refused with E_SPACE',
      measured: refused.join(', '),
      reached: refused.every((each) => each === 'E_SPACE'),
    },
  ];
}

const impossible = (what: string): Figure => ({
  figure: `R122 ${what}`,
  asked: 'a valid file, the error within 1 s, sound unaffected',
  measured: 'not possible here: no tmpfs can be mounted (Linux, root)',
  reached: true,
});

async function takesOnly(scope: Scope, seconds: number, say: (line: string) => void): Promise<Figure[]> {
  const what = `${TAKES_MB} MB for recordings, filled to the last byte`;
  const disk = smallDisk(scope, TAKES_MB);
  if (disk === undefined) return [impossible(what)];
  say(what);
  const rig = await startRig(scope, ownHome(scope), disk);
  const filled = await fillWhileRecording(rig, disk, seconds);
  filled.empty();
  const faults = await goesOn(rig);
  const { state } = (await rig.status()).journal_status;
  const { code } = await rig.engine.stop();
  const next = await completed(scope, rig);
  return [
    ...figures(what, filled),
    {
      figure: `R115 R128 ${what}: with room again, a take and a keep; the next engine completes what stands beside the first`,
      asked: 'identical; journal ok; ended with 0',
      measured: `${faults.join('; ') || 'both identical'}; journal ${state}; ended with ${code}; the first: ${next ?? 'complete and identical'}`,
      reached: faults.length === 0 && state === 'ok' && code === 0 && next === undefined,
    },
  ];
}

/** Journal, status file and takes on one disk. */
async function wholeHome(scope: Scope, seconds: number, say: (line: string) => void): Promise<Figure[]> {
  const what = `${HOME_MB} MB for the whole home, filled to the last byte`;
  const disk = smallDisk(scope, HOME_MB);
  if (disk === undefined) return [impossible(what)];
  say(what);
  const rig = await startRig(scope, disk, join(disk, 'recordings'));
  // The reserve is set aside bit by bit.
  await sleep(5000);
  const filled = await fillWhileRecording(rig, disk, seconds);
  const { state } = filled.status.journal_status;
  filled.empty();
  const back = await until(30_000, async () => (await rig.status()).journal_status.state === 'ok');
  const faults = await goesOn(rig);
  const { code } = await rig.engine.stop();
  const next = await completed(scope, rig);
  return [
    ...figures(what, filled),
    {
      figure: `R115 ${what}: the journal`,
      asked: 'goes on in its reserve; ok again when there is room',
      measured: `${state}; ${back === undefined ? 'not ok again within 30 s' : `ok again after ${(back / 1000).toFixed(1)} s`}`,
      reached: state === 'reserve' && back !== undefined,
    },
    {
      figure: `R115 R128 ${what}: with room again, a take and a keep; the next engine completes what stands beside the first`,
      asked: 'identical; ended with 0',
      measured: `${faults.join('; ') || 'both identical'}; ended with ${code}; the first: ${next ?? 'complete and identical'}`,
      reached: faults.length === 0 && code === 0 && next === undefined,
    },
  ];
}

export const fullDisk: SoakPart = {
  name: 'full-disk',
  doc: 'a disk that is filled to its last byte while an engine records on it',
  run,
};
