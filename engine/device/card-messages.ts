/**
 * What goes between the engine and the process that owns the sound card. Down: one order as JSON (command line), then
 * PCM on stdin, interleaved stereo f32 little-endian, whole blocks. Up: one JSON line per message on descriptor 3.
 * stdout carries nothing, as native audio code prints there.
 */

/** Blocks that may be on their way to the card without having been acknowledged. */
export const MAX_OUTSTANDING = 2;

export interface CardDevice {
  readonly id: number;
  readonly name: string;
  readonly hostApi: string;
  /** Channels out. */
  readonly outputs: number;
  /** Hz. */
  readonly defaultRate: number;
}

export interface PlayOrder {
  readonly command: 'play';
  /** `default`, a number from the list, or a part of a name. */
  readonly device: string;
  readonly sampleRate: number;
  readonly blockFrames: number;
  /** File of the native addon; absent: the installed one. */
  readonly addon?: string;
}

export interface ListOrder {
  readonly command: 'list';
  readonly addon?: string;
}

export type CardOrder = PlayOrder | ListOrder;

export type CardMessage =
  | { readonly kind: 'devices'; readonly devices: readonly CardDevice[] }
  | { readonly kind: 'open'; readonly device: string }
  /** So many blocks more may be sent. */
  | { readonly kind: 'credit'; readonly blocks: number }
  | { readonly kind: 'underflow'; readonly count: number }
  /** One clear line that says the mend. */
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'closed' };

const KINDS = new Set<unknown>(['devices', 'open', 'credit', 'underflow', 'failed', 'closed']);

export function encodeMessage(message: CardMessage): string {
  return `${JSON.stringify(message)}\n`;
}

/** The message in a line; undefined for anything else. The other side is our own program, so only the kind is checked. */
export function decodeMessage(line: string): CardMessage | undefined {
  try {
    const value = JSON.parse(line) as CardMessage | null;
    return value !== null && KINDS.has(value.kind) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Splits what arrives in pieces into lines; keeps an unfinished one of at most 64 kB. */
export function lineSplitter(onLine: (line: string) => void): (piece: string) => void {
  let rest = '';
  return (piece) => {
    const lines = (rest + piece).split('\n');
    rest = (lines.pop() ?? '').slice(-65_536);
    lines.forEach(onLine);
  };
}
