/** Applies log entries. Runs on: render thread, at the frame where they act. */
import { bypassUnit, chaos } from './bypass';
import {
  COMMAND_BYPASS,
  COMMAND_CHAOS,
  COMMAND_CLEAR_TRACKS,
  COMMAND_COMMIT_LOAD,
  COMMAND_COMMIT_TRACK,
  COMMAND_FORGET,
  COMMAND_GATE,
  COMMAND_PANIC,
  COMMAND_REMOVE_TRACK,
  COMMAND_SET,
  COMMAND_STAGE,
  COMMAND_SWING,
  COMMAND_TEMPO,
  COMMAND_TRANSPORT,
  WHEN_BAR,
  WHEN_FRAME,
} from './generated/layout';
import { gateVoice, NO_TRACK, panicVoice } from './gates';
import { barWaits, forgetBar, reachBar, waitForBar } from './bar';
import { applyLoad, commitTrack, stage } from './load';
import { setParam } from './params';
import { queuePush } from './queue';
import {
  clearTracks,
  forgetFields,
  removeTrack,
  sequencer,
  setSwing,
  setTempo,
  startSequencer,
  stopSequencer,
} from './sequencer';
import { session } from './session';

/** Takes an entry from the log: acts now, or keeps it until its frame or the bar. */
export function receive(entry: usize): void {
  // Content has no time, and other words where a frame would be.
  if ((load<i32>(entry) & 255) === COMMAND_STAGE) {
    act(entry);
    return;
  }
  const when = (load<i32>(entry) >> 8) & 255;
  if (when === WHEN_FRAME) {
    const frame = load<f64>(entry, 16);
    if (frame > <f64>session().frame && frame < 9e15) {
      queuePush(<i64>frame, entry);
      return;
    }
  }
  if (when === WHEN_BAR && waitForBar(entry)) return;
  act(entry);
}

/** Word 1 is an address, voice, track or count; 2, 3 and 6 are values (engine/shared/command.ts). */
export function act(entry: usize): void {
  const kind = load<i32>(entry) & 255;
  const subject = load<i32>(entry, 4);
  if (kind === COMMAND_SET) setParam(subject, load<f32>(entry, 8));
  else if (kind === COMMAND_GATE) {
    gateVoice(
      subject,
      load<i32>(entry, 24) !== 0,
      unit(load<f32>(entry, 8)),
      unit(load<f32>(entry, 12)),
      NO_TRACK,
    );
  } else if (kind === COMMAND_STAGE) stage(subject, entry + 8);
  else if (kind === COMMAND_TRANSPORT) transport(load<i32>(entry, 8) !== 0);
  else if (kind === COMMAND_TEMPO) setTempo(load<i32>(entry, 8));
  else if (kind === COMMAND_SWING) setSwing(load<f32>(entry, 8));
  else if (kind === COMMAND_COMMIT_TRACK) commitTrack(subject, load<i32>(entry, 8));
  else if (kind === COMMAND_REMOVE_TRACK) removeTrack(subject);
  else if (kind === COMMAND_CLEAR_TRACKS) clearTracks();
  else if (kind === COMMAND_FORGET) forgetFields(subject, load<i32>(entry, 8));
  else if (kind === COMMAND_COMMIT_LOAD) applyLoad(subject, load<i32>(entry, 8));
  else if (kind === COMMAND_PANIC) panic();
  else if (kind === COMMAND_BYPASS)
    bypassUnit(subject, load<i32>(entry, 8) !== 0, load<i32>(entry, 12) !== 0);
  else if (kind === COMMAND_CHAOS) chaos(load<i32>(entry, 8), subject);
}

/** Held inside 0..1; what is not a number becomes 0. */
function unit(x: f32): f32 {
  return x > 0 ? min<f32>(x, 1) : 0;
}

function transport(run: bool): void {
  if (run && sequencer().running === 0) startSequencer();
  else if (!run && sequencer().running !== 0) {
    // What waits for a bar that will not come is made real, but a load does not start again what is stopped.
    if (barWaits()) reachBar();
    stopSequencer(true);
  }
}

/** Stops without making real what waits for the bar. */
export function haltSequencer(): void {
  forgetBar();
  if (sequencer().running !== 0) stopSequencer(true);
}

function panic(): void {
  if (sequencer().running !== 0) transport(false);
  for (let v = 0; v < session().voices; v++) panicVoice(v);
}
