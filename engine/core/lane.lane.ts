// @ts-nocheck: `lane` is f32 in one build and v128 in the other, which tsc cannot follow. Kernels are checked.

// What kernels need beside the operators, once for both builds: `lane` is v128 (four f32) or f32, `mask` what comparing
// lanes gives, `word` four i32 or one. isVector<lane>() is decided at compile time.

/** Voices per vector: 4, or 1 in the scalar build. */
export const LANES: i32 = <i32>(sizeof<lane>() >> 2);

/** The same value in every lane; numbers with a point become this by themselves. */
export function splat(x: f32): lane {
  return isVector<lane>() ? f32x4.splat(x) : x;
}
/** Every condition in a kernel passes here, so that a mask is refused where it was written. */
export function flag(condition: bool): bool {
  return condition;
}
export function select(m: mask, a: lane, b: lane): lane {
  return isVector<lane>() ? v128.bitselect(a, b, m) : m ? a : b;
}
export function selectWord(m: mask, a: word, b: word): word {
  return isVector<lane>() ? v128.bitselect(a, b, m) : m ? a : b;
}
export function any(m: mask): bool {
  return isVector<lane>() ? v128.any_true(m) : m;
}
export function both(a: mask, b: mask): mask {
  return isVector<lane>() ? v128.and(a, b) : a && b;
}
export function either(a: mask, b: mask): mask {
  return isVector<lane>() ? v128.or(a, b) : a || b;
}
/** The smaller one; a NaN in `b` gives `b`. */
export function least(a: lane, b: lane): lane {
  return isVector<lane>() ? f32x4.pmin(a, b) : b < a ? b : a;
}
/** The larger one; a NaN in `b` gives `a`: most(0.0, x) heals x. */
export function most(a: lane, b: lane): lane {
  return isVector<lane>() ? f32x4.pmax(a, b) : a < b ? b : a;
}
export function magnitude(x: lane): lane {
  return isVector<lane>() ? f32x4.abs(x) : abs<f32>(x);
}
export function nearestWhole(x: lane): lane {
  return isVector<lane>() ? f32x4.nearest(x) : nearest<f32>(x);
}

export function splatWord(x: i32): word {
  return isVector<lane>() ? i32x4.splat(x) : x;
}
export function addWords(a: word, b: word): word {
  return isVector<lane>() ? i32x4.add(a, b) : a + b;
}
export function subWords(a: word, b: word): word {
  return isVector<lane>() ? i32x4.sub(a, b) : a - b;
}
export function xorWords(a: word, b: word): word {
  return isVector<lane>() ? v128.xor(a, b) : a ^ b;
}
export function shiftLeft(a: word, by: i32): word {
  return isVector<lane>() ? i32x4.shl(a, by) : a << by;
}
/** Fills with zeros. */
export function shiftRight(a: word, by: i32): word {
  return isVector<lane>() ? i32x4.shr_u(a, by) : <i32>((<u32>a) >> by);
}
/** Bit l is the sign of lane l. */
export function signs(a: word): i32 {
  return isVector<lane>() ? i32x4.bitmask(a) : (<u32>a) >> 31;
}
/** Bit l: lane l differs. */
export function unlike(a: word, b: word): i32 {
  return isVector<lane>() ? i32x4.bitmask(i32x4.ne(a, b)) : a !== b ? 1 : 0;
}
/** a < b, both without sign. */
export function below(a: word, b: word): mask {
  return isVector<lane>() ? i32x4.lt_u(a, b) : <u32>a < <u32>b;
}
/** Signed whole numbers as floats. */
export function toLane(a: word): lane {
  return isVector<lane>() ? f32x4.convert_i32x4_s(a) : <f32>a;
}
/** Floats cut to signed whole numbers; out of range saturates. */
export function toWord(x: lane): word {
  return isVector<lane>() ? i32x4.trunc_sat_f32x4_s(x) : <i32>x;
}
/** The bits of a whole number taken as a float. */
export function asLane(a: word): lane {
  return isVector<lane>() ? a : reinterpret<f32>(a);
}
/** Bit l: lane l of the mask. */
export function maskBits(m: mask): i32 {
  return isVector<lane>() ? i32x4.bitmask(m) : m ? 1 : 0;
}
/** Lanes whose bit is set in `bits`. */
export function lanesOf(bits: i32): mask {
  return isVector<lane>()
    ? i32x4.ne(v128.and(i32x4.splat(bits), i32x4(1, 2, 4, 8)), i32x4.splat(0))
    : (bits & 1) !== 0;
}

/** Lanes that follow each other in memory, 16 bytes apart in both builds: row[i]. */
@unmanaged
export class Row {
  [key: i32]: lane;
  @operator('[]') private at(i: usize): lane {
    return load<lane>(changetype<usize>(this) + (i << 4));
  }
  @operator('[]=') private put(i: usize, x: lane): void {
    store<lane>(changetype<usize>(this) + (i << 4), x);
  }
}

/** Adds values that follow each other in time to one lane of a ring: places `slot`, `slot` + 1, ... */
export function addToRing(ring: usize, slot: i32, ringMask: i32, values: lane): void {
  if (isVector<lane>()) {
    addAt(ring, slot, ringMask, f32x4.extract_lane(values, 0));
    addAt(ring, slot + 1, ringMask, f32x4.extract_lane(values, 1));
    addAt(ring, slot + 2, ringMask, f32x4.extract_lane(values, 2));
    addAt(ring, slot + 3, ringMask, f32x4.extract_lane(values, 3));
  } else addAt(ring, slot, ringMask, values);
}

/** The same where the ring does not end within them: `to` is the first place. */
export function addInTime(to: usize, values: lane): void {
  if (isVector<lane>()) {
    store<f32>(to, load<f32>(to) + f32x4.extract_lane(values, 0));
    store<f32>(to, load<f32>(to, 16) + f32x4.extract_lane(values, 1), 16);
    store<f32>(to, load<f32>(to, 32) + f32x4.extract_lane(values, 2), 32);
    store<f32>(to, load<f32>(to, 48) + f32x4.extract_lane(values, 3), 48);
  } else store<f32>(to, load<f32>(to) + values);
}

function addAt(ring: usize, slot: i32, ringMask: i32, x: f32): void {
  'inline';
  const to = ring + <usize>(slot & ringMask) * sizeof<lane>();
  store<f32>(to, load<f32>(to) + x);
}

/** out[i] = the sum of the four lanes of row i, always (0 + 1) + (2 + 3). */
export function sumRow(out: usize, row: usize, n: i32): void {
  const end = out + ((<usize>n) << 2);
  if (isVector<lane>()) {
    while (out + 12 < end) {
      const a = v128.load(row);
      const b = v128.load(row, 16);
      const c = v128.load(row, 32);
      const d = v128.load(row, 48);
      const ab = f32x4.add(v128.shuffle<f32>(a, b, 0, 2, 4, 6), v128.shuffle<f32>(a, b, 1, 3, 5, 7));
      const cd = f32x4.add(v128.shuffle<f32>(c, d, 0, 2, 4, 6), v128.shuffle<f32>(c, d, 1, 3, 5, 7));
      v128.store(
        out,
        f32x4.add(v128.shuffle<f32>(ab, cd, 0, 2, 4, 6), v128.shuffle<f32>(ab, cd, 1, 3, 5, 7)),
      );
      out += 16;
      row += 64;
    }
  }
  while (out < end) {
    store<f32>(out, load<f32>(row) + load<f32>(row, 4) + (load<f32>(row, 8) + load<f32>(row, 12)));
    out += 4;
    row += 16;
  }
}

/** out = left[0], right[0], left[1], ... */
export function interleave(out: usize, left: usize, right: usize, n: i32): void {
  const end = left + ((<usize>n) << 2);
  if (isVector<lane>()) {
    for (; left + 12 < end; left += 16, right += 16, out += 32) {
      const l = v128.load(left);
      const r = v128.load(right);
      v128.store(out, v128.shuffle<f32>(l, r, 0, 4, 1, 5));
      v128.store(out, v128.shuffle<f32>(l, r, 2, 6, 3, 7), 16);
    }
  }
  for (; left < end; left += 4, right += 4, out += 8) {
    store<f32>(out, load<f32>(left));
    store<f32>(out, load<f32>(right), 4);
  }
}

/** True when the n numbers (1..16) in each of two rows are finite: NaN and infinity stay in a sum. */
export function areFinite(a: usize, b: usize, n: i32): bool {
  if (isVector<lane>() && n === 16) {
    const sum = f32x4.add(sumOf16(a), sumOf16(b));
    return !v128.any_true(f32x4.ne(f32x4.sub(sum, sum), f32x4.splat(0)));
  }
  let sum: f32 = 0;
  for (let i: usize = 0, end = (<usize>n) << 2; i < end; i += 4) sum += load<f32>(a + i) + load<f32>(b + i);
  return sum - sum === 0;
}
function sumOf16(row: usize): v128 {
  'inline';
  const low = f32x4.add(v128.load(row), v128.load(row, 16));
  return f32x4.add(low, f32x4.add(v128.load(row, 32), v128.load(row, 48)));
}

/** The transform moves these to the built-in class V128. */
class LaneOperators {
  @operator('+') @inline static add(a: v128, b: v128): v128 {
    return f32x4.add(a, b);
  }
  @operator('-') @inline static sub(a: v128, b: v128): v128 {
    return f32x4.sub(a, b);
  }
  @operator('*') @inline static mul(a: v128, b: v128): v128 {
    return f32x4.mul(a, b);
  }
  @operator('/') @inline static div(a: v128, b: v128): v128 {
    return f32x4.div(a, b);
  }
  @operator.prefix('-') @inline static neg(a: v128): v128 {
    return f32x4.neg(a);
  }
  @operator('<') @inline static lt(a: v128, b: v128): v128 {
    return f32x4.lt(a, b);
  }
  @operator('>') @inline static gt(a: v128, b: v128): v128 {
    return f32x4.gt(a, b);
  }
  @operator('<=') @inline static le(a: v128, b: v128): v128 {
    return f32x4.le(a, b);
  }
  @operator('>=') @inline static ge(a: v128, b: v128): v128 {
    return f32x4.ge(a, b);
  }
  @operator('==') @inline static eq(a: v128, b: v128): v128 {
    return f32x4.eq(a, b);
  }
  @operator('!=') @inline static ne(a: v128, b: v128): v128 {
    return f32x4.ne(a, b);
  }
}
