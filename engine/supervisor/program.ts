/**
 * What an offline render plays: a format, and for each block the log entries that act in it. From a slot file; from the
 * journal of a run in run-program.ts.
 */
import { encodeEntry, ENTRY_WORDS, type Entry } from '../shared/command.js';
import { MAX_BLOCK_COMMANDS } from '../shared/core-layout.js';
import { Session, type CommandSink } from '../control/session.js';
import type { SlotDocument } from '../patterns/slot-document.js';
import type { TapName } from '../shared/tap-names.js';

export interface Program {
  readonly sampleRate: number;
  readonly blockFrames: number;
  readonly voices: number;
  /** Entries of a block, as words; undefined: none. */
  entries(block: number): Int32Array | undefined;
  /** The core it must run with; absent: this engine's own. */
  readonly core?: Uint8Array;
  /** Frames before this one are rendered, but not given out. */
  readonly startFrame: number;
  /** Frames to give out. */
  readonly frames: number;
  /** Where the sound is taken; absent: the master. */
  readonly tap?: TapName;
  /** The state of the core before that block, from which it begins; absent: block 0, as a core comes up. */
  readonly begin?: { readonly block: number; readonly state: Uint8Array };
}

/** Frames of that many bars of 16 steps, rounded up to a whole one. Tempo in thousandths of a BPM. */
export function barFrames(bars: number, milliBpm: number, sampleRate: number): number {
  return Math.ceil((bars * 16 * 15_000 * sampleRate) / milliBpm);
}

/** Collects entries; its log never fills up. */
class Collector implements CommandSink {
  readonly entries: Entry[] = [];
  append(entries: readonly Entry[]): boolean {
    this.entries.push(...entries);
    return true;
  }
  position(): number {
    return this.entries.length;
  }
  rendered(): number {
    return Infinity;
  }
  editRoom(): number {
    return Infinity;
  }
  committedLoad(): undefined {
    return undefined;
  }
}

/** A slot file, played from its first step whatever `running` says; then `tailFrames` with the sequencer stopped. */
export function slotProgram(
  document: SlotDocument,
  format: Pick<Program, 'sampleRate' | 'blockFrames' | 'voices'>,
  frames: number,
  tailFrames: number,
): Program {
  const sink = new Collector();
  const session = new Session(sink, format.voices);
  const { sequencer } = document;
  session.load(sequencer ? { ...document, sequencer: { ...sequencer, running: true } } : document, true, {
    source: 0,
  });
  if (tailFrames > 0) session.transport(false, { source: 0, when: { at: 'frame', frame: frames } }, true);
  const blocks = encodeBlocks(sink.entries);
  return { ...format, frames: frames + tailFrames, startFrame: 0, entries: (block) => blocks[block] };
}

/** As the engine would take them: at most MAX_BLOCK_COMMANDS to a block. */
function encodeBlocks(entries: readonly Entry[]): Int32Array[] {
  const blocks: Int32Array[] = [];
  for (let at = 0; at < entries.length; at += MAX_BLOCK_COMMANDS) {
    const part = entries.slice(at, at + MAX_BLOCK_COMMANDS);
    const words = new Int32Array(part.length * ENTRY_WORDS);
    part.forEach((entry, i) => encodeEntry(entry, words, i * ENTRY_WORDS));
    blocks.push(words);
  }
  return blocks;
}
