// What waits in the rings -> filter -> level and pan.
//
// Trapezoidal state variable filter (A. Simper, "SvfLinearTrapOptimised2", 2013), written as what is added to its two
// integrators: c1 = -2 a1 g (g + k), c2 = 2 a2, c3 = 2 a3 in the names of that paper. Its coefficients are made on the grid
// and interpolated in between: each set of coefficients is a contraction of the state (the Cayley transform of a
// dissipative matrix), and so is everything on the line between two of them, hence no sweep can make it unstable.
//
// The rings hold the waves at half their height: an output is the mean of an integrator before and after, here their sum.

import { Header } from '../../engine/core/cell.lane';
import { least, most } from '../../engine/core/lane.lane';
import { groupAt, MIX_BYTES, MIX_SIDE } from './mix.lane';
import { LANE_BYTES, LANE_SHIFT, RESTS_BEHIND, STATE, USES_MODES, Voice, WAVES_AT } from './state.lane';

/**
 * n frames (1..16, inside one cell) of `count` groups (u32 addresses at `groups`) from their rings to `out`: for each
 * MIX_BYTES, left and right, MIX_SIDE bytes apart. `slot`: session frame modulo the rings. What comes before the
 * filter of `tapped` goes to the row `tap` too.
 * Two groups side by side: each sample of a filter waits for the one before, about 13 cycles, so two cost little more
 * than one. Runs on: render thread. About 15 operations per vector and frame.
 */
export function filterVoices(
  groups: usize,
  out: usize,
  count: i32,
  tapped: usize,
  tap: usize,
  slot: i32,
  n: i32,
): void {
  let i = 0;
  while (i < count) {
    const group = groupAt(groups, i);
    const to = out + <usize>i * MIX_BYTES;
    if (i + 1 < count && isPlain(group, tapped) && isPlain(groupAt(groups, i + 1), tapped)) {
      plainPair(group, groupAt(groups, i + 1), to, slot, n);
      i += 2;
    } else {
      anyFilter(group, to, group === tapped ? tap : 0, slot, n);
      i++;
    }
  }
}

/** A low-pass that stands still and that nobody listens in on. */
function isPlain(group: usize, tapped: usize): bool {
  'inline';
  const header = changetype<Header>(group);
  return header.still !== 0 && (header.uses & USES_MODES) === 0 && group !== tapped;
}

function plainPair(first: usize, second: usize, out: usize, slot: i32, n: i32): void {
  // A cell lies in one piece in each ring.
  const from = WAVES_AT + ((<usize>slot) << LANE_SHIFT);
  let atA = first + from;
  let atB = second + from;
  let to = out;
  let topA = splat(<f32>0);
  let topB = splat(<f32>0);
  let lowA = splat(<f32>0);
  let lowB = splat(<f32>0);
  const a = held<Voice>(first + STATE);
  const b = held<Voice>(second + STATE);
  for (const end = atA + ((<usize>n) << LANE_SHIFT); atA < end; atA += LANE_BYTES) {
    const tA = load<lane>(atA) + load<lane>(atA, RESTS_BEHIND) - a.ic2;
    const tB = load<lane>(atB) + load<lane>(atB, RESTS_BEHIND) - b.ic2;
    store<lane>(atA, splat(<f32>0), RESTS_BEHIND);
    store<lane>(atB, splat(<f32>0), RESTS_BEHIND);
    const beforeA = a.ic2;
    const beforeB = b.ic2;
    a.ic2 += a.c2 * a.ic1 + a.c3 * tA;
    b.ic2 += b.c2 * b.ic1 + b.c3 * tB;
    a.ic1 += a.c1 * a.ic1 + a.c2 * tA;
    b.ic1 += b.c1 * b.ic1 + b.c2 * tB;
    const yA = beforeA + a.ic2;
    const yB = beforeB + b.ic2;
    topA = most(topA, yA);
    topB = most(topB, yB);
    lowA = least(lowA, yA);
    lowB = least(lowB, yB);
    store<lane>(to, yA * a.left);
    store<lane>(to, yA * a.right, MIX_SIDE);
    store<lane>(to, yB * b.left, MIX_BYTES);
    store<lane>(to, yB * b.right, MIX_BYTES + MIX_SIDE);
    atB += LANE_BYTES;
    to += 16;
  }
  // The meter takes the gain at the end of the cell for all of it.
  a.peak = most(a.peak, most(topA, -lowA) * most(a.leftEnd, a.rightEnd));
  b.peak = most(b.peak, most(topB, -lowB) * most(b.leftEnd, b.rightEnd));
}

/** The same for everything that can be. */
function anyFilter(group: usize, out: usize, tap: usize, slot: i32, n: i32): void {
  const moving = changetype<Header>(group).still === 0;
  const modes = (changetype<Header>(group).uses & USES_MODES) !== 0;
  let at = group + WAVES_AT + ((<usize>slot) << LANE_SHIFT);
  let to = out;
  let tapped = tap;
  let top = splat(<f32>0);
  let bottom = splat(<f32>0);
  const v = held<Voice>(group + STATE);
  for (let i: i32 = 0; i < n; i++) {
    if (moving) {
      v.c1 += v.c1Step;
      v.c2 += v.c2Step;
      v.c3 += v.c3Step;
      v.low += v.lowStep;
      v.band += v.bandStep;
      v.through += v.throughStep;
      v.left += v.leftStep;
      v.right += v.rightStep;
    }
    const s = load<lane>(at) + load<lane>(at, RESTS_BEHIND);
    store<lane>(at, splat(<f32>0), RESTS_BEHIND);
    if (tapped !== 0) {
      store<lane>(tapped, s + s);
      tapped += 16;
    }
    const t = s - v.ic2;
    const ic1 = v.ic1;
    const ic2 = v.ic2;
    v.ic2 += v.c2 * ic1 + v.c3 * t;
    v.ic1 += v.c1 * ic1 + v.c2 * t;
    let y = ic2 + v.ic2;
    if (modes) y = v.low * y + v.band * (ic1 + v.ic1) + v.through * (s + s);
    top = most(top, y);
    bottom = least(bottom, y);
    store<lane>(to, y * v.left);
    store<lane>(to, y * v.right, MIX_SIDE);
    at += LANE_BYTES;
    to += 16;
  }
  v.peak = most(v.peak, most(top, -bottom) * most(v.leftEnd, v.rightEnd));
}
