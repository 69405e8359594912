/**
 * An engine saves one slot after the other, as fast as it can, and is killed at a random moment. When it is back, every
 * slot holds what was answered last or what was asked for behind it: the tempo tells the states apart.
 */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KEPT } from '../../engine/patterns/backups.js';
import { isTemp } from '../../engine/patterns/disk.js';
import { fillFromFactory } from '../../engine/patterns/factory.js';
import { PatternStore } from '../../engine/patterns/store.js';
import { startChild, type EngineChild } from './engine-child.js';

export interface KillOptions {
  readonly kills: number;
  readonly random: () => number;
  readonly say: (line: string) => void;
}

export interface Kills {
  readonly kills: number;
  readonly problems: readonly string[];
  /** Slots that held what was answered last, and those that held what had been asked for and not answered. */
  older: number;
  newer: number;
  /** Temp files the kills left: the engine was in the middle of a write. */
  tempsLeft: number;
  mostBackups: number;
  saves: number;
}

const SLOTS = [1, 2, 3, 100] as const;
/** From the first save to the kill: some saves of each slot. */
const LONGEST_MS = 120;

export async function killWhileSaving({ kills, random, say }: KillOptions): Promise<Kills> {
  const home = await mkdtemp(join(tmpdir(), 'chronus-kills-'));
  const problems: string[] = [];
  const result: Kills = { kills, problems, older: 0, newer: 0, tempsLeft: 0, mostBackups: 0, saves: 0 };
  const folder = join(home, 'patterns', 'slots');
  const tempo = { steps: 0 };
  const saved = new Map<number, number>();
  try {
    for (let kill = 0; kill < kills; kill++) {
      const wrong = (what: string): void => void problems.push(`kill ${kill}: ${what}`);
      // The start removes what the kill before has left.
      const engine = await startChild(home, ['--no-standby', '--voices', '4']);
      if ((await readdir(folder)).some(isTemp)) wrong('a temp file after the restart');
      const saving = saveOn(engine, saved, tempo);
      await Promise.race([saving.begun, engine.gone]);
      await new Promise((resolve) => setTimeout(resolve, random() * LONGEST_MS));
      await engine.end('SIGKILL');
      const open = await saving.ended;
      if ((await readdir(folder)).some(isTemp)) result.tempsLeft++;
      result.saves += open.saves;
      await look(home, saved, open, result, wrong);
      if ((kill + 1) % 20 === 0) say(`${kill + 1} kills, ${problems.length} problems`);
    }
    await fillFromFactory(home);
    if ((await readdir(folder)).some(isTemp)) problems.push('a temp file at the end');
  } finally {
    await rm(home, { recursive: true, force: true });
  }
  for (const problem of problems.slice(0, 20)) say(problem);
  return result;
}

/** What was asked for and not answered when the engine went. */
interface Open {
  readonly slot: number;
  readonly bpm: number;
  /** Answered before. */
  readonly saves: number;
}

/** Saves until the engine is gone. `begun`: each slot was saved once. */
function saveOn(
  { send, ask, gone }: EngineChild,
  saved: Map<number, number>,
  tempo: { steps: number },
): { readonly begun: Promise<void>; readonly ended: Promise<Open> } {
  let tellBegun: () => void = () => undefined;
  const begun = new Promise<void>((resolve) => (tellBegun = resolve));
  const run = async (): Promise<Open> => {
    for (let i = 0; ; i++) {
      // The first saves of an engine take long: code that has never run.
      if (i === SLOTS.length) tellBegun();
      const slot = SLOTS[i % SLOTS.length] as number;
      // Thousandths of a BPM: none comes again for a long time.
      tempo.steps = (tempo.steps + 1) % 200_000;
      const bpm = (60_000 + tempo.steps) / 1000;
      send('/seq/bpm', bpm);
      const done = ask('/pattern/save', slot).then(() => true);
      if (!(await Promise.race([done.catch(() => false), gone.then(() => false)])))
        return { slot, bpm, saves: i };
      saved.set(slot, bpm);
    }
  };
  return { begun, ended: run() };
}

/** Reads the slots as the next engine would. */
async function look(
  home: string,
  saved: Map<number, number>,
  open: Open,
  result: Kills,
  wrong: (what: string) => void,
): Promise<void> {
  const store = new PatternStore(home);
  for (const slot of SLOTS) {
    const read = await store.load(slot);
    if (!read.ok) {
      wrong(`slot ${slot}: ${read.error.code} ${read.error.got}`);
      continue;
    }
    if (read.value.recovered) wrong(`slot ${slot} was damaged`);
    const bpm = Math.round((read.value.document.sequencer?.bpm ?? 0) * 1000) / 1000;
    const before = saved.get(slot);
    if (bpm === before) result.older++;
    else if (slot === open.slot && bpm === open.bpm) result.newer++;
    else wrong(`slot ${slot} holds ${bpm}, not ${before} nor ${slot === open.slot ? open.bpm : before}`);
    saved.set(slot, bpm);
    const backups = await store.backups(slot);
    const count = backups.ok ? backups.value.length : 0;
    result.mostBackups = Math.max(result.mostBackups, count);
    // One that was made for a save that did not come to its end, and the good one that always stays.
    if (count > KEPT + 2) wrong(`slot ${slot} has ${count} backups`);
    if (backups.ok && backups.value.some(({ problem }) => problem))
      wrong(`slot ${slot} has a damaged backup`);
  }
}
