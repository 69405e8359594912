/** Edits that wait for the next bar, in the order in which they came, with a load in its place among them. */
import {
  COMMAND_COMMIT_LOAD,
  COMMAND_COMMIT_TRACK,
  COMMAND_STAGE,
  ENTRY_BYTES,
  MAX_NOTES,
  MAX_STEPS,
  TRACK_HEADER_WORDS,
  TRACKS,
} from './generated/layout';
import { act } from './commands';
import { applyLoad, stagedTrack } from './load';
import { putTrack, sequencer } from './sequencer';
import { session } from './session';

/** An entry and, for a track, its content as it was staged. */
const CONTENT_BYTES: usize = (<usize>(TRACK_HEADER_WORDS + MAX_STEPS + MAX_NOTES)) << 2;
const ITEM: usize = <usize>ENTRY_BYTES + CONTENT_BYTES;
const HEAD: usize = 16;
/** As many as there are tracks; what does not fit acts at once. */
export const BAR_BYTES: usize = HEAD + <usize>TRACKS * ITEM;

@unmanaged
class Bar {
  count: i32;
}

function bar(): Bar {
  return changetype<Bar>(session().bar);
}
function item(i: i32): usize {
  return session().bar + HEAD + <usize>i * ITEM;
}

export function barWaits(): bool {
  return bar().count > 0;
}

/** Keeps an entry for the bar. False: it is to act now. */
export function waitForBar(entry: usize): bool {
  const kind = load<i32>(entry) & 255;
  if (sequencer().running === 0 || kind === COMMAND_STAGE || bar().count >= TRACKS) return false;
  if (kind === COMMAND_COMMIT_LOAD) dropLoad();
  const at = item(bar().count++);
  memory.copy(at, entry, ENTRY_BYTES);
  if (kind === COMMAND_COMMIT_TRACK) memory.copy(at + ENTRY_BYTES, stagedTrack(), CONTENT_BYTES);
  return true;
}

/** What waits will not happen. */
export function forgetBar(): void {
  bar().count = 0;
}

/** A new load takes the place of one that waits. */
export function dropLoad(): void {
  let to = 0;
  for (let i = 0; i < bar().count; i++) {
    if ((load<i32>(item(i)) & 255) === COMMAND_COMMIT_LOAD) continue;
    if (to !== i) memory.copy(item(to), item(i), ITEM);
    to++;
  }
  bar().count = to;
}

/** The bar is reached, or will not come. Runs on: render thread; at most TRACKS edits and one load. */
export function reachBar(): void {
  const count = bar().count;
  // Emptied first: a load that stops the sequencer must not come back here.
  bar().count = 0;
  for (let i = 0; i < count; i++) {
    const entry = item(i);
    const kind = load<i32>(entry) & 255;
    if (kind === COMMAND_COMMIT_TRACK)
      putTrack(load<i32>(entry, 4), entry + ENTRY_BYTES, load<i32>(entry, 8));
    else if (kind === COMMAND_COMMIT_LOAD) applyLoad(load<i32>(entry, 4), load<i32>(entry, 8));
    else act(entry);
  }
}
