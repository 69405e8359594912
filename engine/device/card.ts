import { MAX_OUTSTANDING } from './card-messages.js';
import { spawnCardProcess } from './card-process.js';

/** How long the process may take to play its last blocks and go. */
const CLOSE_MS = 3_000;

export interface CardOptions {
  /** `default`, a number from listDevices, or a part of a name. */
  readonly device: string;
  readonly sampleRate: number;
  readonly blockFrames: number;
  /** So many blocks more may be written. The first call says that the card is open. */
  onCredit(blocks: number): void;
  onUnderflow(count: number): void;
  /** The card is gone although nobody closed it; one line that says the mend. Called at most once. */
  onExit(reason: string): void;
  /** File of the native addon; absent: the installed one. */
  readonly addon?: string;
}

export interface Card {
  readonly pid: number | undefined;
  /** One interleaved block, copied. Throws without credit: at most MAX_OUTSTANDING blocks are on their way. */
  write(block: Float32Array): void;
  /** Plays what was written, then the process is gone. */
  close(): Promise<void>;
}

/** Opens a card in a process of its own. Returns at once; runs on: the card thread, never the clock's. */
export function openCard(options: CardOptions): Card {
  const { device, sampleRate, blockFrames, addon } = options;
  let credit = 0;
  let closing = false;
  const order = {
    command: 'play',
    device,
    sampleRate,
    blockFrames,
    ...(addon === undefined ? {} : { addon }),
  } as const;
  const child = spawnCardProcess(order, (message) => {
    if (closing) return;
    if (message.kind === 'underflow') options.onUnderflow(message.count);
    if (message.kind !== 'credit') return;
    credit += message.blocks;
    options.onCredit(message.blocks);
  });
  void child.gone.then((reason) => {
    credit = 0;
    if (!closing) options.onExit(reason ?? "the sound card's process ended");
    closing = true;
  });
  return {
    pid: child.pid,
    write(block) {
      if (credit === 0)
        throw new Error(`no credit: ${MAX_OUTSTANDING} blocks are on their way; wait for onCredit`);
      credit--;
      child.write(new Uint8Array(block.buffer, block.byteOffset, block.byteLength));
    },
    async close() {
      closing = true;
      child.end();
      const timer = setTimeout(() => child.kill(), CLOSE_MS);
      await child.gone;
      clearTimeout(timer);
    },
  };
}
