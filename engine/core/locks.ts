/**
 * Parameter locks: values that a step of a track sets for a while. What the parameter was before is kept and comes back,
 * unless somebody sets it meanwhile: the later writer wins. Runs on: render thread, at the frame of a step or command.
 */
import { MODULE_VOICE, VOICE_FREQ } from './generated/layout';
import { noteVoice } from './gates';
import { paramCell, lanesOfType, setParam } from './params';
import { sequencer } from './sequencer';
import { session } from './session';

/** At a time, of all tracks; what is more is not set. */
const HELD: i32 = 256;
const ITEM: usize = 12;
export const LOCKS_BYTES: usize = <usize>HELD * ITEM;

/** address i32, value before f32, track i32 */
function item(i: i32): usize {
  return session().locks + <usize>i * ITEM;
}

function drop(i: i32): void {
  const last = --sequencer().held;
  if (i !== last) memory.copy(item(i), item(last), ITEM);
}

/** The pitch of a voice jumps, as that of a hit does. */
function write(address: i32, value: f32): void {
  if (address >> 16 === MODULE_VOICE && (address & 255) === VOICE_FREQ)
    noteVoice((address >> 8) & 255, value);
  else setParam(address, value);
}

/** Sets a parameter for a while. */
export function holdParam(address: i32, value: f32, by: i32): void {
  const cell = paramCell(address);
  if (cell === 0) return;
  const s = sequencer();
  let before = load<f32>(cell + 4 * lanesOfType(address >> 16));
  for (let i = 0; i < s.held; i++) {
    if (load<i32>(item(i)) !== address) continue;
    // Another step holds it: what it was before both comes back.
    before = load<f32>(item(i), 4);
    drop(i);
    break;
  }
  if (s.held >= HELD) return;
  const at = item(s.held++);
  store<i32>(at, address);
  store<f32>(at, before, 4);
  store<i32>(at, by, 8);
  write(address, value);
}

/** What the track holds goes back. */
export function letGo(by: i32): void {
  for (let i = sequencer().held - 1; i >= 0; i--) {
    const at = item(i);
    if (load<i32>(at, 8) !== by) continue;
    const address = load<i32>(at);
    const before = load<f32>(at, 4);
    drop(i);
    write(address, before);
  }
}

/** Sets a parameter for good: nobody holds it any longer. */
export function setForGood(address: i32, value: f32): void {
  for (let i = sequencer().held - 1; i >= 0; i--) if (load<i32>(item(i)) === address) drop(i);
  setParam(address, value);
}
