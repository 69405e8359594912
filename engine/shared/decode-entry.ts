/** An entry of the command log as the command it was made from (engine/shared/command.ts). For readers of journals. */
import {
  CHAOS_FAULTS,
  COMMAND_KINDS,
  ENTRY_WORDS,
  STAGE_WORDS,
  TRANSPORTS,
  WHENS,
  type Command,
  type Entry,
  type When,
} from './command.js';

const words = new Int32Array(ENTRY_WORDS);
const floats = new Float32Array(words.buffer);
const doubles = new Float64Array(words.buffer);

/** The entry at `log[at..at+8]`; undefined: no such kind. Staged content has always six words. */
export function decodeEntry(log: Int32Array, at: number): Entry | undefined {
  words.set(log.subarray(at, at + ENTRY_WORDS));
  const head = int(0);
  const time = WHENS[(head >>> 8) & 255];
  const command = commandOf(COMMAND_KINDS[head & 255]);
  if (!command || !time) return undefined;
  const when: When = time === 'frame' ? { at: 'frame', frame: doubles[2] as number } : { at: time };
  return { command, when, source: head >>> 16 };
}

function int(i: number): number {
  return words[i] as number;
}
function float(i: number): number {
  return floats[i] as number;
}

function commandOf(kind: Command['kind'] | 'none' | undefined): Command | undefined {
  switch (kind) {
    case 'set':
      return { kind, address: int(1), value: float(2) };
    case 'gate':
      return { kind, voice: int(1), on: int(6) !== 0, velocity: float(2), accent: float(3) };
    case 'note':
      return { kind, voice: int(1), hz: float(2), velocity: float(3), beats: float(6) };
    case 'transport': {
      const how = TRANSPORTS[int(2)];
      return { kind, running: how === 'start', ...(how === 'release' && { release: true }) };
    }
    case 'tempo':
      return { kind, milliBpm: int(2), ...(int(3) > 0 && { beats: int(3) / 1000 }) };
    case 'nudge':
      return { kind, micros: int(2) };
    case 'seed':
      return { kind, seed: int(2) };
    case 'swing':
      return { kind, amount: float(2) };
    case 'stage': {
      const content = Array.from(words.subarray(2, 2 + STAGE_WORDS));
      return { kind, region: int(1) >>> 24, offset: int(1) & 0xff_ffff, words: content };
    }
    case 'commitTrack':
      return { kind, track: int(1), words: int(2) };
    case 'removeTrack':
      return { kind, track: int(1) };
    case 'forget':
      return { kind, track: int(1), fields: int(2) };
    case 'commitLoad':
      return { kind, words: int(1), serial: int(2) };
    case 'bypass':
      return { kind, unit: int(1), on: int(2) !== 0, strike: int(3) !== 0 };
    case 'chaos':
      return { kind, fault: CHAOS_FAULTS[int(2)] ?? 'trap', subject: int(1) };
    case 'skipped':
      return { kind, count: int(1) };
    case 'clearTracks':
    case 'panic':
      return { kind };
    case 'none':
    case undefined:
      return undefined;
  }
}
