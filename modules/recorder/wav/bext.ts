/**
 * The broadcast extension `bext`, version 2 (EBU Tech 3285): where a file comes from, when, and how loud it is.
 *
 *      0  description 256     256 originator 32     288 reference 32     320 date 10     330 time 8
 *    338  frames since midnight, 64 bits            346 version 2        348 UMID 64 (none)
 *    412  integrated loudness, range, true peak, momentary, short-term: 16 bits each, hundredths, 0x7FFF unknown
 *    422  reserved 180                              602 coding history
 *
 * Its texts are ASCII by the standard.
 */
import { bitsOf, type WavFormat } from './format.js';

export const BEXT_BYTES = 602;
const UNKNOWN = 0x7fff;
/** Most of a foreign coding history that is read. */
export const MAX_HISTORY_READ = 4_096;

export interface WavOrigin {
  /** 32 characters at most, as all that is ASCII here. */
  readonly originator: string;
  /** 32 characters at most. */
  readonly originatorReference: string;
  /** 256 characters at most. */
  readonly description: string;
  /** YYYY-MM-DD. */
  readonly originationDate: string;
  /** HH:MM:SS. */
  readonly originationTime: string;
  /** Frames from midnight to the first frame of the file. */
  readonly timeReference: number;
  /** Lines that end with CR LF; what there is no room for is cut off. */
  readonly codingHistory: string;
}

/** LUFS, LU and dBTP; null: unknown, or silence. */
export interface WavLoudness {
  readonly integratedLufs: number | null;
  readonly rangeLu: number | null;
  readonly truePeakDbtp: number | null;
  readonly maxMomentaryLufs: number | null;
  readonly maxShortTermLufs: number | null;
}

/** The line of EBU R 98 for a file that was recorded as it is. */
export function codingHistory(format: WavFormat, text: string): string {
  const mode =
    format.channels === 1 ? 'mono' : format.channels === 2 ? 'stereo' : `${format.channels} channels`;
  return `A=PCM,F=${format.sampleRate},W=${bitsOf(format.sample)},M=${mode},T=${ascii(text)}\r\n`;
}

/** Writes the content of the chunk: BEXT_BYTES and `historyBytes` of coding history, filled up with 0. */
export function encodeBext(
  into: Uint8Array,
  at: number,
  historyBytes: number,
  origin?: WavOrigin,
  loudness?: WavLoudness,
): void {
  const view = new DataView(into.buffer, into.byteOffset + at, BEXT_BYTES + historyBytes);
  into.fill(0, at, at + view.byteLength);
  if (origin) {
    put(into, at, 256, origin.description);
    put(into, at + 256, 32, origin.originator);
    put(into, at + 288, 32, origin.originatorReference);
    put(into, at + 320, 10, origin.originationDate);
    put(into, at + 330, 8, origin.originationTime);
    view.setUint32(338, origin.timeReference % 2 ** 32, true);
    view.setUint32(342, Math.floor(origin.timeReference / 2 ** 32), true);
    put(into, at + BEXT_BYTES, historyBytes, origin.codingHistory);
  }
  view.setUint16(346, 2, true);
  const values = [
    loudness?.integratedLufs,
    loudness?.rangeLu,
    loudness?.truePeakDbtp,
    loudness?.maxMomentaryLufs,
    loudness?.maxShortTermLufs,
  ];
  values.forEach((value, i) => view.setInt16(412 + 2 * i, hundredths(value), true));
}

/** What a chunk says; `origin` is absent where it names nothing at all. Takes any bytes. */
export function decodeBext(bytes: Buffer): { origin?: WavOrigin; loudness?: WavLoudness } {
  if (bytes.length < BEXT_BYTES) return {};
  const text = (from: number, length: number): string =>
    bytes.toString('utf8', from, from + length).replace(/\0.*$/s, '');
  const origin: WavOrigin = {
    description: text(0, 256),
    originator: text(256, 32),
    originatorReference: text(288, 32),
    originationDate: text(320, 10),
    originationTime: text(330, 8),
    timeReference: bytes.readUInt32LE(338) + bytes.readUInt32LE(342) * 2 ** 32,
    codingHistory: text(BEXT_BYTES, MAX_HISTORY_READ),
  };
  const named = Object.values(origin).some((value) => value !== '' && value !== 0);
  const version = bytes.readUInt16LE(346);
  const [integratedLufs, rangeLu, truePeakDbtp, maxMomentaryLufs, maxShortTermLufs] = [0, 1, 2, 3, 4].map(
    (i) => {
      const value = bytes.readInt16LE(412 + 2 * i);
      return version < 2 || value === UNKNOWN ? null : value / 100;
    },
  ) as [Level, Level, Level, Level, Level];
  const loudness = { integratedLufs, rangeLu, truePeakDbtp, maxMomentaryLufs, maxShortTermLufs };
  const known = Object.values(loudness).some((value) => value !== null);
  return { ...(named ? { origin } : {}), ...(known ? { loudness } : {}) };
}

type Level = number | null;

/** Hundredths between +-99.99, as the standard has them; anything else is unknown. */
function hundredths(value: Level | undefined): number {
  if (value === null || value === undefined) return UNKNOWN;
  const whole = Math.round(value * 100);
  return Math.abs(whole) <= 9_999 ? whole : UNKNOWN;
}

function put(into: Uint8Array, at: number, room: number, text: string): void {
  const plain = ascii(text);
  for (let i = 0; i < Math.min(room, plain.length); i++) into[at + i] = plain.charCodeAt(i);
}

/** Accents are taken off, what is then no ASCII becomes `_`. */
function ascii(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^\x20-\x7e\r\n]/gu, '_');
}
