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
  COMMAND_NOTE,
  COMMAND_NUDGE,
  COMMAND_PANIC,
  COMMAND_REMOVE_TRACK,
  COMMAND_SEED,
  COMMAND_SET,
  COMMAND_STAGE,
  COMMAND_SWING,
  COMMAND_TEMPO,
  COMMAND_TRANSPORT,
  DELAY_UNIT,
  REVERB_UNIT,
  STATUS_QUEUE_DROPPED,
  TRANSPORT_RELEASE,
  TRANSPORT_START,
  WHEN_FRAME,
  WHEN_NOW,
} from './generated/layout';
import { gateVoice, NO_TRACK, panicVoice, playNote } from './gates';
import { applyLoad, commitTrack, stage } from './load';
import { setForGood } from './locks';
import { queueHush, queuePush } from './queue';
import { clearTracks, removeTrack, sequencer, setSwing, startSequencer, stopSequencer } from './sequencer';
import { session, statusWord } from './session';
import { nudge, setTempo } from './tempo';
import { forgetFields } from './tracks';
import { RUNS, unit } from './units';
import {
  forgetInWaiting,
  forgetWaiting,
  keepContent,
  reachStep,
  supersede,
  takeContent,
  waitForStep,
} from './wait';

/** Takes an entry from the log: acts now, or keeps it until its frame, the step or the bar. */
export function receive(entry: usize): void {
  const kind = load<i32>(entry) & 255;
  // Content has no time, and other words where a frame would be.
  const when = kind === COMMAND_STAGE ? WHEN_NOW : (load<i32>(entry) >> 8) & 255;
  if (when === WHEN_FRAME) {
    const frame = load<f64>(entry, 16);
    if (frame > <f64>session().frame && frame < 9e15) {
      if (kind !== COMMAND_COMMIT_TRACK || keepContent(entry)) {
        queuePush(<i64>frame, entry);
        return;
      }
      // No room for its content (the control plane refuses before that): it acts now, and is counted.
      store<i32>(statusWord(STATUS_QUEUE_DROPPED), load<i32>(statusWord(STATUS_QUEUE_DROPPED)) + 1);
    }
  } else {
    supersede(entry);
    if (when !== WHEN_NOW && waitForStep(entry)) return;
  }
  // A panic with a time of its own is part of what was planned; one without is not.
  if (kind === COMMAND_PANIC && when === WHEN_NOW) queueHush();
  act(entry);
}

/** Word 1 is an address, voice, track or count; 2, 3 and 6 are values (engine/shared/command.ts). */
export function act(entry: usize): void {
  const kind = load<i32>(entry) & 255;
  const subject = load<i32>(entry, 4);
  if (kind === COMMAND_SET) setForGood(subject, load<f32>(entry, 8));
  else if (kind === COMMAND_GATE) {
    gateVoice(
      subject,
      load<i32>(entry, 24) !== 0,
      unitInterval(load<f32>(entry, 8)),
      unitInterval(load<f32>(entry, 12)),
      NO_TRACK,
    );
  } else if (kind === COMMAND_STAGE) stage(subject, entry + 8);
  else if (kind === COMMAND_NOTE) {
    playNote(subject, load<f32>(entry, 8), unitInterval(load<f32>(entry, 12)), load<f32>(entry, 24));
  } else if (kind === COMMAND_TRANSPORT) transport(load<i32>(entry, 8));
  else if (kind === COMMAND_TEMPO) setTempo(load<i32>(entry, 8), load<i32>(entry, 12));
  else if (kind === COMMAND_SWING) setSwing(load<f32>(entry, 8));
  else if (kind === COMMAND_NUDGE) nudge(load<i32>(entry, 8));
  else if (kind === COMMAND_SEED) sequencer().draws = (<u64>load<u32>(entry, 8)) << 32;
  else if (kind === COMMAND_COMMIT_TRACK) commitTrack(subject, load<i32>(entry, 8), takeContent(entry));
  else if (kind === COMMAND_REMOVE_TRACK) removeTrack(subject);
  else if (kind === COMMAND_CLEAR_TRACKS) clearTracks(false);
  else if (kind === COMMAND_FORGET) {
    forgetFields(subject, load<i32>(entry, 8));
    forgetInWaiting(subject, load<i32>(entry, 8));
  } else if (kind === COMMAND_COMMIT_LOAD) applyLoad(subject, load<i32>(entry, 8));
  else if (kind === COMMAND_PANIC) panic();
  else if (kind === COMMAND_BYPASS)
    bypassUnit(subject, load<i32>(entry, 8) !== 0, load<i32>(entry, 12) !== 0);
  else if (kind === COMMAND_CHAOS) chaos(load<i32>(entry, 8), subject);
}

/** Held inside 0..1; what is not a number becomes 0. */
function unitInterval(x: f32): f32 {
  return x > 0 ? min<f32>(x, 1) : 0;
}

/** TRANSPORT_STOP closes every voice in 5 ms, from any state; TRANSPORT_RELEASE lets the notes of the tracks end as they do. */
function transport(how: i32): void {
  if (how === TRANSPORT_START) {
    if (sequencer().running === 0) startSequencer();
    return;
  }
  // What waits for a bar that will not come is made real, but a load does not start again what is stopped.
  if (sequencer().running !== 0) reachStep(true);
  stopSequencer(how !== TRANSPORT_RELEASE);
}

/** Stops without making real what waits for the step or bar. */
export function haltSequencer(): void {
  forgetWaiting();
  if (sequencer().running !== 0) stopSequencer(true);
}

/** Silence in 5 ms: the sequencer stands, every voice is closed, and the effects begin anew with empty memory. */
function panic(): void {
  if (sequencer().running !== 0) reachStep(true);
  stopSequencer(true);
  for (let v = 0; v < session().voices; v++) panicVoice(v);
  beginEffectAnew(REVERB_UNIT);
  beginEffectAnew(DELAY_UNIT);
}
function beginEffectAnew(n: i32): void {
  if (unit(n).phase !== RUNS) return;
  bypassUnit(n, true, false);
  bypassUnit(n, false, false);
}
