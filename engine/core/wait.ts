/**
 * Edits that wait: for the next step or bar of the sequencer, in the order in which they came and with a load in its
 * place among them; or for a frame, in the queue. The content of a track that waits is kept here, as what is staged
 * behind it would be written over it.
 */
import {
  COMMAND_CLEAR_TRACKS,
  COMMAND_COMMIT_LOAD,
  COMMAND_COMMIT_TRACK,
  COMMAND_REMOVE_TRACK,
  COMMAND_STAGE,
  COMMAND_SWING,
  COMMAND_TEMPO,
  ENTRY_BYTES,
  STATUS_EDITS,
  WAITING_EDITS,
  TRACK_GIVEN,
  WHEN_BAR,
  WHEN_STEP,
} from './generated/layout';
import { act } from './commands';
import { stagedTrack } from './load';
import { sequencer } from './sequencer';
import { session, statusWord } from './session';
import { CONTENT_WORDS } from './tracks';

const CONTENT_BYTES: usize = (((<usize>CONTENT_WORDS) << 2) + 7) & ~7;
/** Entries that wait for a step or bar. */
const ENTRIES_AT: usize = 16;
/** One byte per content: in use. */
const USED_AT: usize = ENTRIES_AT + <usize>WAITING_EDITS * ENTRY_BYTES;
const CONTENTS_AT: usize = USED_AT + <usize>WAITING_EDITS;
export const WAIT_BYTES: usize = CONTENTS_AT + <usize>WAITING_EDITS * CONTENT_BYTES;
/** Word of an entry that holds the content it brings, from 1; 0: what is staged. */
const CONTENT_WORD: usize = 24;

@unmanaged
class Waiting {
  count: i32;
  /** Contents in use. */
  contents: i32;
}
function waiting(): Waiting {
  return changetype<Waiting>(session().waiting);
}
function item(i: i32): usize {
  return session().waiting + ENTRIES_AT + <usize>i * ENTRY_BYTES;
}
function used(content: i32): usize {
  return session().waiting + USED_AT + <usize>content;
}
function contentAt(content: i32): usize {
  return session().waiting + CONTENTS_AT + <usize>content * CONTENT_BYTES;
}
function publishEdits(): void {
  store<i32>(statusWord(STATUS_EDITS), max<i32>(waiting().count, waiting().contents));
}

export function anyWaits(): bool {
  return waiting().count > 0;
}

/** Puts the staged content of a track aside for an entry. False: there is no room. */
export function keepContent(entry: usize): bool {
  const w = waiting();
  if (w.contents >= WAITING_EDITS) return false;
  let i = 0;
  while (load<u8>(used(i)) !== 0) i++;
  store<u8>(used(i), 1);
  w.contents++;
  memory.copy(contentAt(i), stagedTrack(), CONTENT_BYTES);
  store<i32>(entry, i + 1, CONTENT_WORD);
  publishEdits();
  return true;
}
/** Address of the content an entry brings, and it is free again. */
export function takeContent(entry: usize): usize {
  const content = load<i32>(entry, CONTENT_WORD) - 1;
  if (content < 0 || content >= WAITING_EDITS || load<u8>(used(content)) === 0) return stagedTrack();
  store<u8>(used(content), 0);
  waiting().contents--;
  publishEdits();
  return contentAt(content);
}

/** Keeps an entry for the step or the bar. False: it is to act now. */
export function waitForStep(entry: usize): bool {
  const kind = load<i32>(entry) & 255;
  if (sequencer().running === 0 || kind === COMMAND_STAGE || waiting().count >= WAITING_EDITS) return false;
  if (kind === COMMAND_COMMIT_LOAD) dropLoad();
  if (kind === COMMAND_COMMIT_TRACK && !keepContent(entry)) return false;
  memory.copy(item(waiting().count++), entry, ENTRY_BYTES);
  publishEdits();
  return true;
}

/** What waits for a step or bar will not happen. */
export function forgetWaiting(): void {
  for (let i = 0; i < waiting().count; i++)
    if ((load<i32>(item(i)) & 255) === COMMAND_COMMIT_TRACK) takeContent(item(i));
  waiting().count = 0;
  publishEdits();
}

/** A new load takes the place of one that waits. */
export function dropLoad(): void {
  let to = 0;
  for (let i = 0; i < waiting().count; i++) {
    if ((load<i32>(item(i)) & 255) === COMMAND_COMMIT_LOAD) continue;
    if (to !== i) memory.copy(item(to), item(i), ENTRY_BYTES);
    to++;
  }
  waiting().count = to;
  publishEdits();
}

/** Takes an entry out of the list; the content it brings is free again. */
function dropItem(i: i32): void {
  if ((load<i32>(item(i)) & 255) === COMMAND_COMMIT_TRACK) takeContent(item(i));
  const count = --waiting().count;
  memory.copy(item(i), item(i + 1), <usize>(count - i) * ENTRY_BYTES);
}
/** How soon something acts: 0 now, 1 at the step, 2 at the bar. */
function rank(when: i32): i32 {
  return when === WHEN_BAR ? 2 : when === WHEN_STEP ? 1 : 0;
}
function isOfTrack(kind: i32): bool {
  return kind === COMMAND_COMMIT_TRACK || kind === COMMAND_REMOVE_TRACK;
}

/**
 * An edit that comes takes the place of older ones of the same thing that would act with it or behind it: what it brings
 * contains them, as the control plane keeps the order of sending. Behind a load that waits are other tracks.
 * Runs on: render thread, per edit; at most WAITING_EDITS comparisons.
 */
export function supersede(entry: usize): void {
  const kind = load<i32>(entry) & 255;
  const when = rank((load<i32>(entry) >> 8) & 255);
  const subject = load<i32>(entry, 4);
  let loads: bool = false;
  for (let i = 0; i < waiting().count; i++)
    if ((load<i32>(item(i)) & 255) === COMMAND_COMMIT_LOAD) loads = true;
  let behind: bool = false;
  for (let i = 0; i < waiting().count;) {
    const at = item(i);
    const old = load<i32>(at) & 255;
    if (old === COMMAND_COMMIT_LOAD) behind = true;
    const sameSide: bool = !loads || (behind ? when === 2 : when !== 2);
    const later: bool = rank((load<i32>(at) >> 8) & 255) >= when;
    let same: bool = false;
    if (isOfTrack(kind)) same = isOfTrack(old) && load<i32>(at, 4) === subject;
    else if (kind === COMMAND_CLEAR_TRACKS) same = isOfTrack(old);
    else if (kind === COMMAND_TEMPO || kind === COMMAND_SWING) same = old === kind;
    else if (kind === COMMAND_COMMIT_LOAD && when === 0)
      same = isOfTrack(old) || old === COMMAND_TEMPO || old === COMMAND_SWING;
    if (same && sameSide && later) dropItem(i);
    else i++;
  }
  publishEdits();
}

/** What waits for this track no longer gives these fields either. */
export function forgetInWaiting(index: i32, fields: i32): void {
  for (let i = 0; i < waiting().count; i++) {
    const at = item(i);
    if ((load<i32>(at) & 255) !== COMMAND_COMMIT_TRACK || load<i32>(at, 4) !== index) continue;
    const given = contentAt(load<i32>(at, CONTENT_WORD) - 1) + ((<usize>TRACK_GIVEN) << 2);
    store<i32>(given, load<i32>(given) & ~fields);
  }
}

const NOW: usize = memory.data(ENTRY_BYTES, 16);

/**
 * The step is reached, or will not come; `all`: with what waits for the bar. Runs on: render thread; at most
 * WAITING_EDITS edits and one load. What acts here may stop the sequencer: each entry is taken out before it acts.
 */
export function reachStep(all: bool): void {
  let at = 0;
  for (let left = waiting().count; left > 0 && at < waiting().count; left--) {
    const isBar = ((load<i32>(item(at)) >> 8) & 255) === WHEN_BAR;
    if (isBar && !all) {
      at++;
      continue;
    }
    memory.copy(NOW, item(at), ENTRY_BYTES);
    const count = --waiting().count;
    memory.copy(item(at), item(at + 1), <usize>(count - at) * ENTRY_BYTES);
    act(NOW);
    publishEdits();
  }
}

/** True when something waits for the step that comes; a bar is one too. */
export function stepIsAwaited(bar: bool): bool {
  for (let i = 0; i < waiting().count; i++)
    if (bar || ((load<i32>(item(i)) >> 8) & 255) !== WHEN_BAR) return true;
  return false;
}
