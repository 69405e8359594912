// Parameters in memory. Every instance block starts with a header, then its parameters, then the module's own state:
//
//      [ Header 32 B | param 0: value target left mod | param 1: ... | state ]
//
// For lane modules each of the four cells is a lane (four voices side by side); for the others one f32. `value` is what
// the parameter will be at the next point of the grid (every CELL_FRAMES session frames), `left` the frames from there
// to the end of its ramp.

import { CELL_FRAMES } from './generated/layout';
import { any, least, select } from './lane.lane';

@unmanaged
export class Header {
  /** Bit l: lane l was changed off the grid and its coefficients must be made anew. */
  dirty: i32;
  /** Points of the grid until all ramps have arrived. */
  moving: i32;
  /** Points of the grid for which coefficients are still made; 0: everything stands still. */
  settle: i32;
  /** 1: silent for good until a command wakes it. */
  asleep: i32;
  /** Points of the grid in silence so far. */
  quiet: i32;
  /** Bits of what is in use (the module's own meaning). */
  uses: i32;
  /** 1: no coefficient moves in this cell. */
  still: i32;
  /** 1: the unit is out of the signal; nothing may touch the module's own state. */
  bypassed: i32;
}
export const HEADER_BYTES: usize = 32;

@unmanaged
class Ramp {
  value: lane;
  target: lane;
  left: lane;
  mod: lane;
}

/** Moves `count` lane ramps by one cell. Runs on: render thread, at the grid, while something moves. */
export function advanceLaneRamps(first: usize, count: i32): void {
  const cell = splat(<f32>CELL_FRAMES);
  for (let i = 0; i < count; i++) {
    const ramp = changetype<Ramp>(first + <usize>i * offsetof<Ramp>());
    const moves = ramp.left > 0.0;
    if (any(moves)) {
      const last = ramp.left < cell + 0.5;
      const next = ramp.value + (ramp.target - ramp.value) * (cell / select(moves, ramp.left, 1.0));
      ramp.value = select(moves, select(last, ramp.target, next), ramp.value);
      ramp.left = select(moves, ramp.left - least(cell, ramp.left), ramp.left);
    }
  }
}
