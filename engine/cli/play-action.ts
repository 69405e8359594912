/** The engine loads slots only, so what is named otherwise must be in one. */
import { isDeepStrictEqual } from 'node:util';
import { int, text } from '../control/encode.js';
import { readSlotFile } from '../patterns/read-file.js';
import type { SlotDocument } from '../patterns/slot-document.js';
import { LAST_SLOT, slotPath } from '../patterns/slot-names.js';
import { resolveSource } from '../patterns/source.js';
import { PatternStore } from '../patterns/store.js';
import { fail, show, succeed, type Outcome, type Problem } from '../shared/outcome.js';
import type { OscClient } from './osc-client.js';
import type { Said } from './output.js';

export async function play(engine: OscClient, home: string, source: string): Promise<Outcome<Said>> {
  const slot = /^\d+$/.test(source) ? succeed(Number(source)) : await slotOf(home, source);
  if (!slot.ok) return slot;
  const loaded = await engine.request('/pattern/load', [int(slot.value), text('now')]);
  if (!loaded.ok) return loaded;
  const started = await engine.command('/seq/start');
  if (!started.ok) return started;
  const answer = loaded.value as { readonly name: string | null; readonly path: string };
  const name = answer.name === null ? '' : ` (${answer.name})`;
  return succeed(
    { document: { ...answer, playing: true }, text: `Playing slot ${slot.value}${name}.` },
    loaded.warnings,
  );
}

/** The slot of the home that holds the same music. */
async function slotOf(home: string, source: string): Promise<Outcome<number>> {
  const store = new PatternStore(home);
  const wanted = await resolveSource(store, source);
  if (!wanted.ok) return wanted;
  const listed = await store.list();
  if (!listed.ok) return listed;
  for (const { slot, path } of listed.value) {
    const read = await readSlotFile(path);
    if (read.ok && sameMusic(read.value.document, wanted.value.document)) return succeed(slot);
  }
  const used = new Set(listed.value.map(({ slot }) => slot));
  const free = Array.from({ length: LAST_SLOT }, (_, i) => i + 1).find((slot) => !used.has(slot));
  return fail(
    inNoSlot(source, wanted.value.path, free === undefined ? undefined : slotPath(store.folders, free)),
  );
}

/** Where a file was saved in a bar is no part of the music. */
function sameMusic(a: SlotDocument, b: SlotDocument): boolean {
  const plain = ({ sequencer, params }: SlotDocument): unknown => [
    sequencer && { ...sequencer, globalStep: 0, running: true },
    params,
  ];
  return isDeepStrictEqual(plain(a), plain(b));
}

function inNoSlot(source: string, path: string, free: string | undefined): Problem {
  const copy = free === undefined ? 'Free a slot' : `Copy ${path} to ${free}`;
  return {
    code: 'E_SOURCE',
    got: `${show(source)}, which is in no slot of this home`,
    allowed: 'a slot number, or what a slot holds: a running engine loads slots only',
    mend: `${copy} and play that slot, or end the engine and run \`chronus start --play ${source}\`.`,
  };
}
