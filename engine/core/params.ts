/** Setting parameters: one way for all modules, driven by the generated tables. */
import { Header, HEADER_BYTES } from './cell.lane';
import { placeAcid } from './acid-place';
import {
  ACID_VOICE,
  CELL_FRAMES,
  INSTANCE_DEFAULT_ADDRESSES,
  INSTANCE_DEFAULT_VALUES,
  INSTANCE_DEFAULTS,
  LFO_TARGET,
  MODULE_ACID,
  MODULE_LFO,
  MODULE_TYPES,
  MODULE_VOICE,
  PARAM_DEFAULT,
  PARAM_MAX,
  PARAM_MIN,
  PARAM_SMOOTH_MS,
  PARAM_TABLE_WIDTH,
  VOICE_ADSR_SUSTAIN,
  VOICE_FREQ,
  VOICE_OSC_TYPE,
} from './generated/layout';
import { LANES } from './lane.lane';
import { Place, place, session } from './session';
import {
  voiceFirstPitch,
  voiceFreshNoise,
  voiceSilent,
  voiceSustain,
  voiceTouch,
} from '../../modules/voice/kernel-events';
import { Voice, voiceField } from '../../modules/voice/state.lane';

export function lanesOfType(type: i32): i32 {
  return type === MODULE_VOICE ? LANES : 1;
}

/** Address of a parameter's value, or 0. Target, left and mod follow, 4 * lanesOfType bytes apart. */
export function paramCell(address: i32): usize {
  const type = address >> 16;
  const instance = (address >> 8) & 255;
  const index = address & 255;
  if (type < 0 || type >= MODULE_TYPES) return 0;
  const at = place(type);
  if (instance >= at.instances || index >= at.params) return 0;
  const lanes = lanesOfType(type);
  return block(at, instance, lanes) + HEADER_BYTES + ((<usize>(index * 4 * lanes + (instance % lanes))) << 2);
}

function block(at: Place, instance: i32, lanes: i32): usize {
  return at.base + <usize>(instance / lanes) * at.stride;
}
export function blockOf(address: i32): usize {
  const type = address >> 16;
  return block(place(type), (address >> 8) & 255, lanesOfType(type));
}

/** The row of the generated tables, in bytes. */
export function tableRow(address: i32): usize {
  return (<usize>((address >> 16) * PARAM_TABLE_WIDTH + (address & 255))) << 2;
}

export function setDefaults(type: i32): void {
  const at = place(type);
  for (let i = 0; i < at.instances; i++) {
    for (let p = 0; p < at.params; p++) {
      const address = (type << 16) | (i << 8) | p;
      const cell = paramCell(address);
      const x = load<f32>(PARAM_DEFAULT + tableRow(address));
      store<f32>(cell, x);
      store<f32>(cell + 4 * lanesOfType(type), x);
    }
  }
}

/** What some instances start with instead. */
export function setInstanceDefaults(): void {
  for (let i = 0; i < INSTANCE_DEFAULTS; i++) {
    const address = load<i32>(INSTANCE_DEFAULT_ADDRESSES + ((<usize>i) << 2));
    const cell = paramCell(address);
    if (cell === 0) continue;
    const x = load<f32>(INSTANCE_DEFAULT_VALUES + ((<usize>i) << 2));
    store<f32>(cell, x);
    store<f32>(cell + 4 * lanesOfType(address >> 16), x);
  }
}

/**
 * Sets a parameter: in a straight line over its smoothing time, or at once where it has none or nobody can hear it.
 * Unknown addresses and values that are not finite change nothing; the rest is held inside the range.
 * Runs on: render thread, at the frame of the change. The line begins at this frame and ends on the grid.
 */
export function setParam(address: i32, asked: f32): void {
  const cell = paramCell(address);
  if (cell === 0 || !(abs<f32>(asked) < 1e30)) return;
  const type = address >> 16;
  const row = tableRow(address);
  const held = max<f32>(load<f32>(PARAM_MIN + row), min<f32>(load<f32>(PARAM_MAX + row), asked));
  // Nothing denormal gets into a state.
  const x: f32 = abs<f32>(held) < 1e-30 ? 0 : held;
  const lanes = lanesOfType(type);
  const step = 4 * lanes;
  const header = changetype<Header>(blockOf(address));
  const lane = ((address >> 8) & 255) % lanes;
  if (type === MODULE_LFO && (address & 255) === LFO_TARGET) stopModulation(cell);

  const smoothFrames = load<f32>(PARAM_SMOOTH_MS + row) * session().sampleRate * 0.001;
  // A bypassed voice is begun anew before it sounds: only its parameters count.
  const voice = type === MODULE_VOICE && header.bypassed === 0;
  const silent = voice && voiceSilent(<usize>changetype<usize>(header), lane);
  store<f32>(cell + step, x);
  if (smoothFrames < 1.0 || silent || header.asleep !== 0) {
    store<f32>(cell, x);
    store<f32>(cell + 2 * step, 0);
    if (silent) store<f32>(voiceField(changetype<usize>(header), lane, offsetof<Voice>('jump')), 1);
  } else {
    const cells = (<i32>smoothFrames + CELL_FRAMES - 1) / CELL_FRAMES;
    const into = <i32>(session().frame & (CELL_FRAMES - 1));
    const left = <f32>(cells * CELL_FRAMES);
    if (into !== 0) {
      // The cell has begun: what is left of it belongs to the line.
      const rest = <f32>(CELL_FRAMES - into);
      store<f32>(cell, load<f32>(cell) + (x - load<f32>(cell)) * (rest / (left + rest)));
    }
    store<f32>(cell + 2 * step, left);
    header.moving = max<i32>(header.moving, cells);
  }
  if (voice) {
    voiceTouch(changetype<usize>(header), lane);
    if ((address & 255) === VOICE_OSC_TYPE) voiceFreshNoise(changetype<usize>(header), lane);
    if ((address & 255) === VOICE_FREQ) voiceFirstPitch(changetype<usize>(header), lane, x);
    if ((address & 255) === VOICE_ADSR_SUSTAIN)
      voiceSustain(changetype<usize>(header), lane, session().sampleRate);
  } else if (type !== MODULE_VOICE) {
    header.dirty |= 1;
    header.settle = 2;
    header.asleep = 0;
    if (type === MODULE_ACID && (address & 255) === ACID_VOICE) placeAcid();
  }
}

/** The old target of an LFO goes back to its own value. */
function stopModulation(targetCell: usize): void {
  const old = <i32>load<f32>(targetCell) - 1;
  if (old < 0) return;
  const cell = paramCell(old);
  if (cell === 0) return;
  store<f32>(cell + 3 * 4 * lanesOfType(old >> 16), 0);
  changetype<Header>(blockOf(old)).settle = 2;
}

/** At the grid: moves the ramps of the only instance of a type. True when there were any. */
export function advanceRampsOf(type: i32, count: i32): bool {
  const base = place(type).base;
  const header = changetype<Header>(base);
  if (header.moving <= 0) return false;
  advanceRamps(base + HEADER_BYTES, count);
  header.moving--;
  return true;
}

/** All ramps of a block are at their ends. */
export function landRamps(block: usize, type: i32): void {
  const step = 4 * lanesOfType(type);
  for (let i = 0; i < place(type).params; i++) {
    for (let lane = 0; lane < step; lane += 4) {
      const cell = block + HEADER_BYTES + <usize>(i * 4 * step + lane);
      store<f32>(cell, load<f32>(cell + step));
      store<f32>(cell + 2 * step, 0);
    }
  }
}

/** Puts what is not finite among the parameters of an instance back: to where it was going, else to its default. True when there was any. */
export function mendParams(type: i32, instance: i32): bool {
  let found = false;
  const step = 4 * lanesOfType(type);
  for (let i = 0; i < place(type).params; i++) {
    const address = (type << 16) | (instance << 8) | i;
    const cell = paramCell(address);
    const sum =
      load<f32>(cell) + load<f32>(cell + step) + load<f32>(cell + 2 * step) + load<f32>(cell + 3 * step);
    if (sum - sum === 0) continue;
    const target = load<f32>(cell + step);
    const x = target - target === 0 ? target : load<f32>(PARAM_DEFAULT + tableRow(address));
    store<f32>(cell, x);
    store<f32>(cell + step, x);
    store<f32>(cell + 2 * step, 0);
    store<f32>(cell + 3 * step, 0);
    found = true;
  }
  return found;
}

/** Moves the ramps of one f32 instance by one cell. Runs on: render thread, at the grid, while something moves. */
export function advanceRamps(first: usize, count: i32): void {
  for (let i = 0; i < count; i++) {
    const cell = first + ((<usize>i) << 4);
    const left = load<f32>(cell, 8);
    if (left <= 0) continue;
    const target = load<f32>(cell, 4);
    const frames = <f32>CELL_FRAMES;
    if (left < frames + 0.5) {
      store<f32>(cell, target);
      store<f32>(cell, 0, 8);
    } else {
      const value = load<f32>(cell);
      store<f32>(cell, value + (target - value) * (frames / left));
      store<f32>(cell, left - frames, 8);
    }
  }
}
