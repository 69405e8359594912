/**
 * Commands for a later frame: a binary heap ordered by frame, then by arrival. Fixed size; full, a command is dropped
 * and counted (the control plane refuses before that).
 */
import {
  COMMAND_GATE,
  COMMAND_NOTE,
  COMMAND_TRANSPORT,
  ENTRY_BYTES,
  QUEUE_ENTRIES,
  STATUS_QUEUED,
  STATUS_QUEUE_DROPPED,
  TRANSPORT_RELEASE,
  TRANSPORT_START,
} from './generated/layout';
import { session, statusWord } from './session';

@unmanaged
class Queue {
  size: i32;
  arrivals: u32;
}
const HEAD: usize = 16;
/** frame i64, arrival u32, pad, entry */
const ITEM: usize = 16 + ENTRY_BYTES;
export const QUEUE_BYTES: usize = HEAD + <usize>QUEUE_ENTRIES * (16 + ENTRY_BYTES);
export const NEVER: i64 = i64.MAX_VALUE;

function item(i: i32): usize {
  return session().queue + HEAD + <usize>i * ITEM;
}
function before(a: usize, b: usize): bool {
  const fa = load<i64>(a);
  const fb = load<i64>(b);
  return fa < fb || (fa === fb && <i32>(load<u32>(a, 8) - load<u32>(b, 8)) < 0);
}
function swap(a: usize, b: usize): void {
  for (let i: usize = 0; i < ITEM; i += 8) {
    const x = load<u64>(a + i);
    store<u64>(a + i, load<u64>(b + i));
    store<u64>(b + i, x);
  }
}

/** Keeps a copy of the entry until `frame`. Runs on: render thread; at most 12 swaps. */
export function queuePush(frame: i64, entry: usize): void {
  const queue = changetype<Queue>(session().queue);
  if (queue.size >= QUEUE_ENTRIES) {
    store<i32>(statusWord(STATUS_QUEUE_DROPPED), load<i32>(statusWord(STATUS_QUEUE_DROPPED)) + 1);
    return;
  }
  let i = queue.size++;
  store<i64>(item(i), frame);
  store<u32>(item(i), queue.arrivals++, 8);
  memory.copy(item(i) + 16, entry, ENTRY_BYTES);
  while (i > 0 && before(item(i), item((i - 1) >> 1))) {
    swap(item(i), item((i - 1) >> 1));
    i = (i - 1) >> 1;
  }
  store<i32>(statusWord(STATUS_QUEUED), queue.size);
}

/** Frame of the first command, or NEVER. */
export function queueNext(): i64 {
  return changetype<Queue>(session().queue).size > 0 ? load<i64>(item(0)) : NEVER;
}

/** Gates that open, notes and starts that wait come to nothing; what else waits acts in its time. Runs on: render thread. */
export function queueHush(): void {
  for (let i = 0; i < changetype<Queue>(session().queue).size; i++) {
    const entry = item(i) + 16;
    const kind = load<i32>(entry) & 255;
    const starts = kind === COMMAND_TRANSPORT && load<i32>(entry, 8) === TRANSPORT_START;
    // A voice that does not exist, and a stop that finds nothing to stop.
    const opens = kind === COMMAND_GATE && load<i32>(entry, 24) !== 0;
    if (opens || kind === COMMAND_NOTE) store<i32>(entry, -2, 4);
    else if (starts) store<i32>(entry, TRANSPORT_RELEASE, 8);
  }
}

/** Takes the first command out; the entry is copied to `into`. */
export function queuePop(into: usize): void {
  const queue = changetype<Queue>(session().queue);
  memory.copy(into, item(0) + 16, ENTRY_BYTES);
  const last = --queue.size;
  if (last > 0) memory.copy(item(0), item(last), ITEM);
  let i = 0;
  for (;;) {
    const left = 2 * i + 1;
    if (left >= last) break;
    const least = left + 1 < last && before(item(left + 1), item(left)) ? left + 1 : left;
    if (!before(item(least), item(i))) break;
    swap(item(i), item(least));
    i = least;
  }
  store<i32>(statusWord(STATUS_QUEUED), queue.size);
}
