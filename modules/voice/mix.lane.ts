// From the voices to the six buses: dry left, right, reverb left, right, delay left, right.
//
// Groups are added in their order, whatever is made in one pass, so that every sum is the same in either build.

import { Header } from '../../engine/core/cell.lane';
import { CELL_FRAMES } from '../../engine/core/generated/layout';
import { LANES } from '../../engine/core/lane.lane';
import { STATE, USES_SENDS, Voice } from './state.lane';

/** Bytes from the left side of a group's frames to the right one, and from one bus to the next. */
export const MIX_SIDE: usize = <usize>CELL_FRAMES * 16;
/** Bytes of the frames of one group. */
export const MIX_BYTES: usize = 2 * MIX_SIDE;
/** Groups that are added in one pass: it costs as many passes over the buses less. */
export const MIX_GROUPS: i32 = LANES;

/**
 * Adds n frames (1..16) of `count` (1..MIX_GROUPS) groups to the six buses. `groups`: their addresses, u32; `made`: their
 * frames, MIX_BYTES each; `buses`: six rows of CELL_FRAMES lanes.
 * Runs on: render thread. 8 operations per group and frame.
 */
export function mixVoices(groups: usize, made: usize, count: i32, buses: usize, n: i32): void {
  let uses: i32 = 0;
  let still = count === MIX_GROUPS;
  for (let i = 0; i < count; i++) {
    const header = changetype<Header>(groupAt(groups, i));
    uses |= header.uses;
    if (header.still === 0) still = false;
  }
  if (still && LANES > 1) {
    if ((uses & USES_SENDS) !== 0) sendFour(groups, made, buses, n);
    else addFour(made, buses, n);
    return;
  }
  for (let i = 0; i < count; i++) mixOne(groupAt(groups, i), made + <usize>i * MIX_BYTES, buses, n);
}

/** Address number i of those at `groups`. */
export function groupAt(groups: usize, i: i32): usize {
  'inline';
  return load<u32>(groups + ((<usize>i) << 2));
}

/** One group, whose sends may move. */
function mixOne(group: usize, made: usize, buses: usize, n: i32): void {
  addOne(buses, made, n);
  addOne(buses + MIX_SIDE, made + MIX_SIDE, n);
  if ((changetype<Header>(group).uses & USES_SENDS) === 0) return;
  let from = made;
  let bus = buses + 2 * MIX_SIDE;
  const v = held<Voice>(group + STATE);
  for (let i: i32 = 0; i < n; i++) {
    v.reverb += v.reverbStep;
    v.delay += v.delayStep;
    const l = load<lane>(from);
    const r = load<lane>(from, MIX_SIDE);
    store<lane>(bus, load<lane>(bus) + l * v.reverb);
    store<lane>(bus, load<lane>(bus, MIX_SIDE) + r * v.reverb, MIX_SIDE);
    store<lane>(bus, load<lane>(bus, 2 * MIX_SIDE) + l * v.delay, 2 * MIX_SIDE);
    store<lane>(bus, load<lane>(bus, 3 * MIX_SIDE) + r * v.delay, 3 * MIX_SIDE);
    from += 16;
    bus += 16;
  }
}

function addOne(bus: usize, made: usize, n: i32): void {
  for (const end = bus + ((<usize>n) << 4); bus < end; bus += 16, made += 16)
    store<lane>(bus, load<lane>(bus) + load<lane>(made));
}

function addFour(made: usize, buses: usize, n: i32): void {
  let from = made;
  for (let bus = buses, end = bus + ((<usize>n) << 4); bus < end; bus += 16) {
    store<lane>(
      bus,
      load<lane>(bus) +
        load<lane>(from) +
        load<lane>(from, MIX_BYTES) +
        load<lane>(from, 2 * MIX_BYTES) +
        load<lane>(from, 3 * MIX_BYTES),
    );
    store<lane>(
      bus,
      load<lane>(bus, MIX_SIDE) +
        load<lane>(from, MIX_SIDE) +
        load<lane>(from, MIX_SIDE + MIX_BYTES) +
        load<lane>(from, MIX_SIDE + 2 * MIX_BYTES) +
        load<lane>(from, MIX_SIDE + 3 * MIX_BYTES),
      MIX_SIDE,
    );
    from += 16;
  }
}

function sendFour(groups: usize, made: usize, buses: usize, n: i32): void {
  const a = changetype<Voice>(groupAt(groups, 0) + STATE);
  const b = changetype<Voice>(groupAt(groups, 1) + STATE);
  const c = changetype<Voice>(groupAt(groups, 2) + STATE);
  const d = changetype<Voice>(groupAt(groups, 3) + STATE);
  const rA = a.reverb;
  const rB = b.reverb;
  const rC = c.reverb;
  const rD = d.reverb;
  const dA = a.delay;
  const dB = b.delay;
  const dC = c.delay;
  const dD = d.delay;
  let from = made;
  for (let bus = buses, end = bus + ((<usize>n) << 4); bus < end; bus += 16) {
    sendSide(bus, from, rA, rB, rC, rD, dA, dB, dC, dD);
    sendSide(bus + MIX_SIDE, from + MIX_SIDE, rA, rB, rC, rD, dA, dB, dC, dD);
    from += 16;
  }
}

/** One frame of one side of four groups to the three buses of that side; r, d: their shares of reverb and delay. */
function sendSide(
  bus: usize,
  from: usize,
  rA: lane,
  rB: lane,
  rC: lane,
  rD: lane,
  dA: lane,
  dB: lane,
  dC: lane,
  dD: lane,
): void {
  const a = load<lane>(from);
  const b = load<lane>(from, MIX_BYTES);
  const c = load<lane>(from, 2 * MIX_BYTES);
  const d = load<lane>(from, 3 * MIX_BYTES);
  store<lane>(bus, load<lane>(bus) + a + b + c + d);
  store<lane>(bus, load<lane>(bus, 2 * MIX_SIDE) + a * rA + b * rB + c * rC + d * rD, 2 * MIX_SIDE);
  store<lane>(bus, load<lane>(bus, 4 * MIX_SIDE) + a * dA + b * dB + c * dC + d * dD, 4 * MIX_SIDE);
}
