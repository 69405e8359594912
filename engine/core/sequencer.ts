/**
 * The clip player: which event comes next, and playing what is due. All events are positions (tempo.ts); the first of
 * them becomes a frame, where the block is cut.
 */
import {
  STATUS_RUNNING,
  STATUS_STEP,
  TRACK_DIVISION_DOWN,
  TRACK_DIVISION_UP,
  TRACK_FLAG_RESTART,
  TRACK_FLAGS,
  TRACK_VOICE,
  TRACKS,
} from './generated/layout';
import { endNotesDue, holdNote, nextNoteEnd, ownerOf, panicVoice } from './gates';
import { letGo } from './locks';
import { hitPosition, isSilent, playHit, playStep, releaseTrack } from './play';
import { NEVER } from './queue';
import { session, statusWord } from './session';
import { frameAt, positionAt, settleTempo } from './tempo';
import {
  dropTrack,
  gridPosition,
  headerInt,
  inTurn,
  isTrack,
  playing,
  stepLength,
  trackPosition,
  writeTrack,
} from './tracks';

@unmanaged
export class Sequencer {
  /** Frame and position that belong together; moved at each change of tempo. */
  anchorFrame: i64;
  anchorPosition: i64;
  /** Tempo at the anchor, in thousandths of a BPM, and where a ramp from there leads in so many frames (0: none). */
  milliBpm: i64;
  rampTo: i64;
  rampFrames: i64;
  /** Position of step 0. */
  origin: i64;
  /** Frame of the next event, NEVER when there is none. */
  next: i64;
  /** Numbers drawn so far. */
  draws: u64;
  swing: f32;
  running: i32;
  /** The step of the sequencer that comes next: a sixteenth. */
  step: i32;
  trackCount: i32;
  /** Tracks that are solo. */
  solos: i32;
  /** Parameters that steps hold. */
  held: i32;
}

export function sequencer(): Sequencer {
  return changetype<Sequencer>(session().sequencer);
}

/** Finds the next event anew. Runs on: render thread, after each event and edit; at most TRACKS + MAX_VOICES comparisons. */
export function schedule(): void {
  const s = sequencer();
  settleTempo();
  let next = nextNoteEnd();
  if (s.running !== 0) {
    next = min<i64>(next, gridPosition(s.step, 0, 1));
    for (let i = 0; i < s.trackCount; i++) {
      const index = inTurn(i);
      const p = playing(index);
      if (p.off >= 0) next = min<i64>(next, p.off);
      if (p.ratchetLeft > 0) next = min<i64>(next, hitPosition(index));
      next = min<i64>(next, trackPosition(index, p.next));
    }
  }
  s.next = next === NEVER ? NEVER : max<i64>(frameAt(next), session().frame);
  store<i32>(statusWord(STATUS_RUNNING), s.running);
  store<i32>(statusWord(STATUS_STEP), s.step);
}

export function setSwing(amount: f32): void {
  if (!(amount >= 0 && amount <= 1)) return;
  sequencer().swing = amount;
  schedule();
}

/** Step 0 plays at this frame. */
export function startSequencer(): void {
  const s = sequencer();
  s.running = 1;
  s.step = 0;
  s.origin = positionAt(session().frame);
  for (let i = 0; i < s.trackCount; i++) {
    const p = playing(inTurn(i));
    p.next = 0;
    p.from = 0;
    p.tied = 0;
    p.ratchetLeft = 0;
  }
  schedule();
}

/** Ends every note of the tracks; `all`: every voice there is, in 5 ms. */
export function stopSequencer(all: bool): void {
  const s = sequencer();
  s.running = 0;
  for (let i = 0; i < s.trackCount; i++) {
    releaseTrack(inTurn(i));
    letGo(inTurn(i));
  }
  if (all) for (let v = 0; v < session().voices; v++) panicVoice(v);
  schedule();
}

/** Gives the number of words read, 0 when the staged content is no track. */
export function putTrack(index: i32, content: usize, words: i32): i32 {
  if (!isTrack(index, content, words)) return 0;
  const p = playing(index);
  const known = p.active !== 0;
  const up = headerInt(index, TRACK_DIVISION_UP);
  const down = headerInt(index, TRACK_DIVISION_DOWN);
  if (known && headerInt(index, TRACK_VOICE) !== load<i32>(content + ((<usize>TRACK_VOICE) << 2)))
    releaseTrack(index);
  if (known) letGo(index);
  const used = writeTrack(index, content, words);
  if ((headerInt(index, TRACK_FLAGS) & TRACK_FLAG_RESTART) !== 0) {
    p.from = sequencer().step;
    p.next = 0;
    p.ratchetLeft = 0;
  } else if (
    !known ||
    up !== headerInt(index, TRACK_DIVISION_UP) ||
    down !== headerInt(index, TRACK_DIVISION_DOWN)
  ) {
    p.next = nextStep(index);
  }
  endSilenced();
  schedule();
  return used;
}

/** A track that is muted, or stands behind one that is solo, is not heard from this frame on: its note and ratchet end. */
function endSilenced(): void {
  for (let i = 0; i < sequencer().trackCount; i++) if (isSilent(inTurn(i))) releaseTrack(inTurn(i));
}

/** The first step of a track that has not begun: all tracks count from the start of the sequencer, or their own restart. */
function nextStep(index: i32): i32 {
  const s = sequencer();
  if (s.running === 0) return 0;
  const up = headerInt(index, TRACK_DIVISION_UP);
  const down = headerInt(index, TRACK_DIVISION_DOWN);
  const from = playing(index).from;
  // A step of the sequencer that is still to come has not been played in any track.
  if (up === 1 && down === 1) return max<i32>(0, s.step - from);
  const gone = positionAt(session().frame - 1);
  let step = max<i32>(0, <i32>((gone - gridPosition(from, 0, 1)) / stepLength(index)) - 1);
  while (trackPosition(index, step) <= gone) step++;
  return step;
}

export function removeTrack(index: i32): void {
  if (index < 0 || index >= TRACKS || playing(index).active === 0) return;
  releaseTrack(index);
  letGo(index);
  dropTrack(index);
  schedule();
}

/** Takes all tracks away. `ring`: their notes go on to their ends. */
export function clearTracks(ring: bool): void {
  const s = sequencer();
  while (s.trackCount > 0) {
    const index = inTurn(s.trackCount - 1);
    const p = playing(index);
    const voice = headerInt(index, TRACK_VOICE);
    if (ring && p.off >= 0 && voice < session().voices && ownerOf(voice) === index) {
      holdNote(voice, p.off);
      p.off = -1;
    }
    releaseTrack(index);
    letGo(index);
    dropTrack(index);
  }
  schedule();
}

/** True when the next step of the sequencer is due at this frame: edits that wait for it come before it. */
export function atStep(): bool {
  const s = sequencer();
  return s.running !== 0 && frameAt(gridPosition(s.step, 0, 1)) <= session().frame;
}
/** True when that step begins a bar. */
export function atBar(): bool {
  return sequencer().step > 0 && (sequencer().step & 15) === 0;
}

/** Plays what is due at this frame: ends of notes, then steps and ratchets, track by track. */
export function playDue(): void {
  const s = sequencer();
  const now = positionAt(session().frame);
  endNotesDue(now);
  if (s.running !== 0) {
    for (let i = 0; i < s.trackCount; i++) {
      const p = playing(inTurn(i));
      if (p.off >= 0 && p.off <= now) endNote(inTurn(i));
    }
    if (gridPosition(s.step, 0, 1) <= now) s.step++;
    for (let i = 0; i < s.trackCount; i++) {
      const index = inTurn(i);
      const p = playing(index);
      if (p.ratchetLeft > 0 && hitPosition(index) <= now) playHit(index);
      else if (trackPosition(index, p.next) <= now) playStep(index);
    }
  }
  schedule();
}

/** The gate has been open long enough; what is left of a ratchet plays on. */
function endNote(index: i32): void {
  const left = playing(index).ratchetLeft;
  releaseTrack(index);
  playing(index).ratchetLeft = left;
}
