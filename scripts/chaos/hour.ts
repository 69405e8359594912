/** An hour of music at 256 voices with a fault every 10 s of it, as fast as the machine renders it. */
import { FAULTS, inject, type Fault } from './injections.js';
import { Rehearsal } from './rehearsal.js';

export interface HourOptions {
  readonly seed: number;
  readonly musicSeconds: number;
  readonly voices: number;
  readonly say: (line: string) => void;
}

export interface Hour {
  readonly musicSeconds: number;
  readonly wallSeconds: number;
  readonly faults: number;
  readonly notRestored: number;
  readonly changedBlocks: number;
  readonly missingBlocks: number;
  readonly blocks: number;
  /** Of the whole process, after a forced collection, megabytes, at tenths of the time. */
  readonly residentMb: readonly number[];
  readonly heapMb: readonly number[];
}

const FAULT_EVERY_S = 10;

/** Needs --expose-gc. */
export async function hour({ seed, musicSeconds, voices, say }: HourOptions): Promise<Hour> {
  const collect = globalThis.gc;
  if (!collect) throw new Error('start it with node --expose-gc: memory is measured after a collection');
  const began = performance.now();
  const rehearsal = new Rehearsal({
    seed,
    voices,
    paceMs: 0.7,
    hashes: Math.ceil(1.2 * musicSeconds * (48_000 / 256)),
  });
  await rehearsal.start();
  const { blockFrames, sampleRate } = rehearsal.threads.run.format;
  const seconds = (): number => (rehearsal.threads.blocks() * blockFrames) / sampleRate;
  const residentMb: number[] = [];
  const heapMb: number[] = [];
  let faults = 0;
  let notRestored = 0;
  for (let next = FAULT_EVERY_S; next <= musicSeconds; next += FAULT_EVERY_S) {
    while (seconds() < next) await rehearsal.played(100);
    const result = await inject(rehearsal, 'single', FAULTS[faults % FAULTS.length] as Fault);
    faults++;
    if (!result.restored) notRestored++;
    if (next >= (musicSeconds / 10) * (residentMb.length + 1)) {
      collect();
      const { rss, heapUsed } = process.memoryUsage();
      residentMb.push(Math.round(rss / 1e6));
      heapMb.push(Number((heapUsed / 1e6).toFixed(1)));
      say(
        `${Math.round(seconds())} s of music: ${residentMb.at(-1)} MB resident, ${heapMb.at(-1)} MB heap, ${faults} faults`,
      );
    }
  }
  const verdict = await rehearsal.finish();
  return {
    musicSeconds: Math.round((verdict.blocks * blockFrames) / sampleRate),
    wallSeconds: Math.round((performance.now() - began) / 1000),
    faults,
    notRestored,
    changedBlocks: verdict.changedBlocks,
    missingBlocks: verdict.missingBlocks,
    blocks: verdict.blocks,
    residentMb,
    heapMb,
  };
}
