/**
 * The power is cut behind every step of what the store does to the disk, and everything that was not synced is lost or
 * kept in every combination. What is left must be readable: the state before the change or the one after it.
 */
import { isTemp } from '../../engine/patterns/disk.js';
import { removeTemps } from '../../engine/patterns/folders.js';
import { formatSlot } from '../../engine/patterns/format.js';
import { PatternStore } from '../../engine/patterns/store.js';
import { fates, PowerCutDisk, type Weakness } from './power-cut-disk.js';

const HOME = '/home';
/** Combinations per cut; below that all of them are tried. */
const MOST = 256;
export const SLOTS = [1, 2] as const;

/** What a player does to the slots. It may be refused: then nothing may change. */
export interface Change {
  readonly name: string;
  readonly act: (store: PatternStore) => Promise<unknown>;
}

/** Slot -> tempo, which tells the states apart; null: free. */
type State = ReadonlyMap<number, number | null>;

export interface Tally {
  /** States of the disk that were looked at. */
  cuts: number;
  /** What was neither the old nor the new state. */
  readonly wrong: string[];
  /** Slot by slot, behind each change. */
  readonly states: (number | null)[][];
}

export function slotText(bpm: number): string {
  const sequencer = { bpm, swing: 0, running: true, globalStep: 0, tracks: [] };
  return formatSlot({ timestamp: 0, sequencer, params: new Map() });
}

export function save(slot: number, bpm: number): Change {
  return { name: `save ${bpm} into ${slot}`, act: (store) => store.save(slot, slotText(bpm)) };
}

/** `random`: numbers from 0 to below 1. Tempos never come again. */
export function randomChanges(count: number, random: () => number): Change[] {
  return Array.from({ length: count }, (_, i) => {
    const slot = random() < 0.5 ? 1 : 2;
    const kind = random();
    if (kind < 0.5) return save(slot, 30 + i / 100);
    if (kind < 0.6) return { name: `copy ${slot}`, act: (store) => store.copy(slot, 3 - slot) };
    if (kind < 0.7) return { name: `name ${slot}`, act: (store) => store.rename(slot, `name ${i}`) };
    if (kind < 0.8) return { name: `delete ${slot}`, act: (store) => store.delete(slot) };
    const number = kind < 0.9 ? undefined : 1 + Math.floor(random() * 3);
    return { name: `restore ${slot} ${number ?? ''}`, act: (store) => store.restore(slot, number) };
  });
}

/** Cuts the power everywhere and looks at what is left. */
export async function cutEverywhere(changes: readonly Change[], weakness: Weakness = {}): Promise<Tally> {
  const disk = new PowerCutDisk(weakness);
  const store = openStore(disk);
  await disk.makeFolder(HOME);
  await disk.syncFolder('/');
  const tally: Tally = { cuts: 0, wrong: [], states: [] };
  let before = await stateOf(store);
  for (const { name, act } of changes) {
    const from = disk.steps.length;
    await act(store);
    const after = await stateOf(store);
    tally.states.push([...after.values()]);
    for (let count = from; count <= disk.steps.length; count++) {
      const done = count === disk.steps.length;
      for (const fate of fates(disk, count, MOST)) {
        tally.cuts++;
        const problems = await look(disk.cut(count, fate), done ? [after] : [before, after]);
        for (const problem of problems) tally.wrong.push(`${name}, step ${count - from}: ${problem}`);
      }
    }
    // All is on the disk: what comes next need not play it again.
    disk.forget();
    before = after;
  }
  return tally;
}

function openStore(disk: PowerCutDisk): PatternStore {
  let now = 1_757_433_454_000;
  return new PatternStore(HOME, () => (now += 400), disk);
}

async function stateOf(store: PatternStore): Promise<State> {
  const state = new Map<number, number | null>();
  for (const slot of SLOTS) {
    const read = await store.load(slot);
    state.set(slot, read.ok ? (read.value.document.sequencer?.bpm ?? 0) : null);
  }
  return state;
}

/** Each slot holds what one of the states says, and what the first one says is in the slot or among its backups. */
async function look(disk: PowerCutDisk, allowed: readonly State[]): Promise<string[]> {
  const store = openStore(disk);
  const problems: string[] = [];
  await removeTemps(store.folders, disk);
  for (const slot of SLOTS) {
    const read = await store.load(slot);
    const found = read.ok ? (read.value.document.sequencer?.bpm ?? 0) : null;
    const wanted = allowed.map((state) => state.get(slot) ?? null);
    if (!read.ok && read.error.code !== 'E_SLOT_EMPTY') problems.push(`slot ${slot}: ${read.error.code}`);
    else if (!wanted.includes(found))
      problems.push(`slot ${slot} holds ${found}, not ${wanted.join(' or ')}`);
    if (read.ok && read.value.recovered) problems.push(`slot ${slot} is damaged, and a backup stood in`);
    const kept = await store.backups(slot);
    const backups = kept.ok ? kept.value : [];
    const [old] = wanted;
    if (old !== null && found !== old && !backups.some(({ bpm }) => bpm === old))
      problems.push(`slot ${slot}: what it held before, ${old}, is in no backup`);
    if (backups.some(({ problem }) => problem)) problems.push(`slot ${slot} has a damaged backup`);
  }
  const names = await disk.names(store.folders.slots).catch(() => []);
  if (names.some(isTemp)) problems.push('a temp file is left');
  return problems;
}
