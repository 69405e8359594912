/**
 * Places with names: a `cue ` chunk and their texts in `LIST adtl`, after the samples. Texts are UTF-8.
 * Positions are 32 bits: what lies later than 2^32 frames (24.8 h at 48 kHz) has no place in the table.
 */

/** Most places in a file of ours; in memory and on disk about 1 MB. */
export const MAX_CUES = 4_096;
/** Most bytes of a text. */
export const MAX_LABEL_BYTES = 255;
/** Most places that are read from a file. */
export const MAX_CUES_READ = 65_536;

export interface Cue {
  /** Frame in the file. */
  readonly frame: number;
  readonly label: string;
}

/** The bytes of both chunks, with their heads; empty for no places. The first MAX_CUES are taken, sorted by frame. */
export function encodeCues(cues: readonly Cue[]): Buffer {
  const kept = cues
    .filter(({ frame }) => Number.isInteger(frame) && frame >= 0 && frame < 2 ** 32)
    .slice(0, MAX_CUES)
    .sort((a, b) => a.frame - b.frame);
  if (kept.length === 0) return Buffer.alloc(0);
  const table = Buffer.alloc(12 + 24 * kept.length);
  table.write('cue ', 0, 'latin1');
  table.writeUInt32LE(table.length - 8, 4);
  table.writeUInt32LE(kept.length, 8);
  const labels = kept.map(({ frame, label }, i) => {
    const at = 12 + 24 * i;
    table.writeUInt32LE(i + 1, at);
    table.writeUInt32LE(frame, at + 4);
    table.write('data', at + 8, 'latin1');
    table.writeUInt32LE(frame, at + 20);
    return encodeLabel(i + 1, label);
  });
  const head = Buffer.from('LIST\0\0\0\0adtl', 'latin1');
  const list = Buffer.concat([head, ...labels]);
  list.writeUInt32LE(list.length - 8, 4);
  return Buffer.concat([table, list]);
}

function encodeLabel(name: number, label: string): Buffer {
  const text = cut(label.replaceAll('\0', ' '));
  const size = 4 + text.length + 1;
  const chunk = Buffer.alloc(8 + size + (size % 2));
  chunk.write('labl', 0, 'latin1');
  chunk.writeUInt32LE(size, 4);
  chunk.writeUInt32LE(name, 8);
  text.copy(chunk, 12);
  return chunk;
}

/** At most MAX_LABEL_BYTES, and no half character at the end. */
function cut(label: string): Buffer {
  const bytes = Buffer.from(label, 'utf8');
  let end = Math.min(bytes.length, MAX_LABEL_BYTES);
  while (end < bytes.length && end > 0 && ((bytes[end] as number) & 0xc0) === 0x80) end--;
  return bytes.subarray(0, end);
}

/** The places of the contents of `cue ` and `LIST` chunks, in the order of the table. Takes any bytes. */
export function decodeCues(table: Buffer, list: Buffer | undefined): readonly Cue[] {
  if (table.length < 4) return [];
  const count = Math.min(table.readUInt32LE(0), Math.floor((table.length - 4) / 24), MAX_CUES_READ);
  const labels = list ? decodeLabels(list) : new Map<number, string>();
  return Array.from({ length: count }, (_, i) => {
    const at = 4 + 24 * i;
    return { frame: table.readUInt32LE(at + 20), label: labels.get(table.readUInt32LE(at)) ?? '' };
  });
}

function decodeLabels(list: Buffer): Map<number, string> {
  const labels = new Map<number, string>();
  if (list.toString('latin1', 0, 4) !== 'adtl') return labels;
  for (let at = 4; at + 12 <= list.length && labels.size < MAX_CUES_READ;) {
    const size = list.readUInt32LE(at + 4);
    const end = Math.min(list.length, at + 8 + size);
    if (list.toString('latin1', at, at + 4) === 'labl' && size >= 4)
      labels.set(list.readUInt32LE(at + 8), list.toString('utf8', at + 12, end).replace(/\0.*$/s, ''));
    at += 8 + size + (size % 2);
  }
  return labels;
}
