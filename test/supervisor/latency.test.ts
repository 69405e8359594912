import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { encode } from '../../engine/control/encode.js';
import { findPath } from '../../engine/registry/address.js';
import { startEngine } from '../../engine/supervisor/engine.js';
import { readRun } from '../../engine/supervisor/journal-file.js';
import { leadBlocks } from '../../engine/supervisor/options.js';
import { tempHome } from '../helpers/engine.js';

test('a message acts at most lead + 1 blocks after the block that is out when it comes', async (t) => {
  const home = await tempHome(t);
  const options = {
    home,
    recordingsFolder: join(home, 'recordings'),
    lookBackSeconds: 60,
    reserveMb: 0,
    sampleRate: 48000,
    blockFrames: 256,
    voices: 4,
    leadMs: 16,
    device: 'null',
    oscPort: 0,
    vizPort: 0,
    oscHost: '127.0.0.1',
    standby: true,
    chaos: false,
  };
  const engine = await startEngine(options, { onNotice: () => undefined });
  const address = findPath('voice1/freq')?.address;
  const sent: { hz: number; block: number }[] = [];
  const sender = { key: 'test', send: () => undefined };
  const blocks = (): number => (engine.status() as { blocks: number }).blocks;
  try {
    while (sent.length < 50) {
      const hz = 100 + sent.length;
      engine.control.receive(encode('/mod/voice1/freq', [{ type: 'f', value: hz }]), sender);
      // Behind it: this thread may be held up at any place.
      const now = blocks();
      sent.push({ hz, block: now });
      // Meanwhile music is played; how long does not matter.
      while (blocks() === now) await new Promise((resolve) => setImmediate(resolve));
    }
    const end = blocks() + 8;
    while (blocks() < end) await new Promise((resolve) => setImmediate(resolve));
  } finally {
    await engine.stop();
  }
  const { commands } = readRun(engine.runFolder);
  const acted = new Map<number, number>();
  for (const [block, words] of commands) {
    const floats = new Float32Array(words.buffer);
    for (let at = 0; at < words.length; at += 8)
      if (words[at + 1] === address) acted.set(floats[at + 2] ?? 0, block);
  }
  const late = sent.map(({ hz, block }) => (acted.get(hz) ?? Infinity) - block);
  const most = leadBlocks(options) + 1;
  t.diagnostic(`blocks from message to change: ${Math.min(...late)}..${Math.max(...late)}, allowed ${most}`);
  assert.ok(Math.max(...late) <= most, `blocks from message to change: ${late.join(' ')}; allowed ${most}`);
});
