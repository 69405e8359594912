import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clearLine } from '../../engine/device/stderr-line.js';
import { decodeMessage, encodeMessage, lineSplitter } from '../../engine/device/card-messages.js';

const ALSA = [
  "ALSA lib confmisc.c:855:(parse_card) cannot find card '0'",
  'ALSA lib pcm.c:2666:(snd_pcm_open_noupdate) Unknown PCM cards.pcm.rear',
  'connect(2) call to /dev/shm/jack-0/default/jack_0 failed (err=No such file or directory)',
  'attempt to connect to server failed',
  "Expression 'ret' failed in 'src/hostapi/alsa/pa_linux_alsa.c', line: 1736",
];

test('hundreds of lines of noise become the one that matters', () => {
  const noise = Array.from({ length: 290 }, (_, i) => ALSA[i % ALSA.length]).join('\n');
  assert.equal(clearLine(noise), undefined);
  assert.equal(clearLine(''), undefined);
  assert.equal(
    clearLine(`${noise}\nhello\nError: Format not supported\n${noise}`),
    'Error: Format not supported',
  );
  assert.equal(clearLine(`${noise}\nhello\n`), 'hello');
  assert.equal(clearLine('x'.repeat(1_000))?.length, 200);
});

test('messages survive any cutting of the pipe', () => {
  const messages = [
    { kind: 'open', device: 'a' },
    { kind: 'credit', blocks: 2 },
    { kind: 'failed', reason: 'no\nline' },
  ] as const;
  const text = messages.map(encodeMessage).join('');
  for (const size of [1, 2, 7, text.length]) {
    const got: unknown[] = [];
    const split = lineSplitter((line) => got.push(decodeMessage(line)));
    for (let at = 0; at < text.length; at += size) split(text.slice(at, at + size));
    assert.deepEqual(got, messages);
  }
  for (const line of ['', 'null', '5', '{}', '{"kind":"x"}', 'PortAudio V19'])
    assert.equal(decodeMessage(line), undefined);
});
