/**
 * Slot files under fire: engines that are killed while they save, power that goes between any two steps, and what a
 * save of everything costs while 256 voices play.
 */
import { type SoakOptions, type SoakPart, type Figure } from './part.js';
import { cutEverywhere, randomChanges } from './power-cuts.js';
import { saveCost } from './slot-cost.js';
import { killWhileSaving } from './slot-kills.js';

/** Numbers from 0 to below 1, the same for the same seed (Lehmer). */
export function random(seed: number): () => number {
  let state = (seed % 2147483646) + 1;
  return () => (state = (state * 48271) % 2147483647) / 2147483647;
}

async function run({ seed, quick, say }: SoakOptions): Promise<Figure[]> {
  const kills = await killWhileSaving({ kills: quick ? 5 : 300, random: random(seed), say });
  const changes = randomChanges(quick ? 20 : 400, random(seed));
  const linked = await cutEverywhere(changes);
  const copied = await cutEverywhere(changes.slice(0, quick ? 10 : 100), { noLinks: true });
  const wrong = [...linked.wrong, ...copied.wrong];
  for (const line of wrong.slice(0, 20)) say(`power cut: ${line}`);
  const cost = await saveCost({ saves: quick ? 40 : 400, quick, say });
  return [
    {
      figure: `SIGKILL of an engine while it saves, ${kills.kills} times`,
      asked: 'every slot old or new; no temp file after the restart; backups bounded',
      measured:
        `${kills.problems.length} wrong in ${kills.saves} saves; new ${kills.newer}, old ${kills.older}; ` +
        `killed in the middle of a write ${kills.tempsLeft} times; at most ${kills.mostBackups} backups of a slot`,
      // A kill that never falls into a write proves nothing.
      reached: kills.problems.length === 0 && (quick || kills.tempsLeft >= 10),
    },
    {
      figure: 'power cut behind every step of a change, unsynced steps lost in every combination',
      asked: 'every slot old or new, what it held kept',
      measured: `${linked.cuts + copied.cuts} states of the disk, ${wrong.length} wrong`,
      reached: wrong.length === 0,
    },
    {
      figure:
        'capture and check of 128 tracks and 256 voices, 16 voices and 8 tracks changed since the last save',
      asked: 'median under 3 ms',
      measured: `median ${ms(cost.capture.median)}, p99 ${ms(cost.capture.p99)} (${cost.bytes} bytes); everything changed: ${ms(cost.captureNew.median)}, p99 ${ms(cost.captureNew.p99)}; fsync of the file ${ms(cost.fsync.median)}, p99 ${ms(cost.fsync.p99)}`,
      reached: cost.capture.median < 3,
    },
    {
      figure: `late blocks while an engine of 256 voices saves all of it ${cost.saves} times`,
      asked: 'none more than in a quiet control',
      measured: `${cost.lateSaving} in ${cost.seconds} s, control ${cost.lateControl}; save answered after ${ms(cost.answer.median)}, p99 ${ms(cost.answer.p99)}`,
      reached: cost.lateSaving <= cost.lateControl,
    },
  ];
}

const ms = (value: number): string => `${value.toFixed(2)} ms`;

export const slotFiles: SoakPart = {
  name: 'slot-files',
  doc: 'kills and power cuts while slots are saved; what a save costs',
  run,
};
