/**
 * Entry of the process that owns the sound card. It ends when stdin ends, also when the engine has died; the engine
 * and its recordings do not notice if it dies.
 */
import { Socket } from 'node:net';
import { chooseDevice, loadAddon, outputDevices, SAMPLE_FORMAT_F32, type NativeStream } from './addon.js';
import {
  encodeMessage,
  MAX_OUTSTANDING,
  type CardMessage,
  type CardOrder,
  type PlayOrder,
} from './card-messages.js';

const CHANNELS = 2;
/** How long the card may take for what is queued once stdin has ended. */
const LAST_BLOCKS_MS = 2_000;

/** A socket and not a file stream: a card that blocks the thread pool must not hold back what is told. */
const up = new Socket({ fd: 3, readable: false, writable: true });
up.on('error', () => leave());

function tell(message: CardMessage): void {
  up.write(encodeMessage(message));
}

/** Not process.exit(): with a native stream open it can hang for ever. */
function leave(): void {
  process.kill(process.pid, 'SIGKILL');
}

async function play(order: PlayOrder): Promise<void> {
  const addon = loadAddon(order.addon);
  const device = chooseDevice(outputDevices(addon), order.device);
  const stream = addon.create({
    outOptions: {
      ...(device === undefined ? {} : { deviceId: device }),
      channelCount: CHANNELS,
      sampleFormat: SAMPLE_FORMAT_F32,
      sampleRate: order.sampleRate,
      framesPerBuffer: order.blockFrames,
      maxQueue: MAX_OUTSTANDING,
      closeOnError: true,
    },
  });
  tell({ kind: 'open', device: order.device });
  tell({ kind: 'credit', blocks: MAX_OUTSTANDING });
  await playStdin(stream, order.blockFrames * CHANNELS * Float32Array.BYTES_PER_ELEMENT);
}

/**
 * Writes block after block; starts the card when its queue is full, so that it does not begin with a gap. Reads on
 * while the card is busy (the credits bound what can be there), so the end of stdin is seen even if the card hangs.
 */
async function playStdin(stream: NativeStream, blockBytes: number): Promise<void> {
  let blocks = 0;
  const write = async (block: Buffer): Promise<void> => {
    const said = await stream.write(block);
    if (++blocks === MAX_OUTSTANDING) stream.start();
    if (said?.includes('underflow') === true) tell({ kind: 'underflow', count: 1 });
    tell({ kind: 'credit', blocks: 1 });
  };
  await new Promise<void>((resolve, reject) => {
    let played = Promise.resolve();
    const split = blockSplitter(blockBytes, (block) => {
      played = played.then(() => write(block));
      played.catch(reject);
    });
    process.stdin.on('data', split).on('error', reject);
    process.stdin.on('end', () => {
      setTimeout(leave, LAST_BLOCKS_MS);
      void played.then(resolve, reject);
    });
  });
  if (blocks === 0) return;
  if (blocks < MAX_OUTSTANDING) stream.start();
  await stream.quit('WAIT');
}

/** Puts together whole blocks from what arrives in pieces. */
function blockSplitter(blockBytes: number, onBlock: (block: Buffer) => void): (piece: Buffer) => void {
  let block = Buffer.alloc(blockBytes);
  let filled = 0;
  return (piece) => {
    let from = 0;
    while (from < piece.length) {
      const count = piece.copy(block, filled, from);
      from += count;
      filled += count;
      if (filled < blockBytes) continue;
      onBlock(block);
      block = Buffer.alloc(blockBytes);
      filled = 0;
    }
  };
}

async function run(order: CardOrder): Promise<void> {
  if (order.command === 'play') await play(order);
  else tell({ kind: 'devices', devices: outputDevices(loadAddon(order.addon)) });
  tell({ kind: 'closed' });
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? 'unknown';
}

run(JSON.parse(process.argv[2] ?? '{"command":"list"}') as CardOrder)
  .catch((error: unknown) => tell({ kind: 'failed', reason: firstLine(error) }))
  .finally(() => up.end(leave));
