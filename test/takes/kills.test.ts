import assert from 'node:assert/strict';
import { test } from 'node:test';
import { killFigures } from '../../scripts/soak/kills.js';
import { random } from '../../scripts/soak/random.js';
import { killWhileRecording } from '../../scripts/soak/take-kills.js';
import { needs } from '../helpers/needs.js';

const skip = needs('sox', 'sox') || needs('ffprobe', 'ffmpeg');

test(
  'R127 R128 SIGKILL while it records: opens in sox and ffprobe, a prefix bit for bit, made whole',
  { skip },
  async (t) => {
    const seed = Number(process.env['CHRONUS_SEED'] ?? Date.now() % 1e6);
    t.diagnostic(`CHRONUS_SEED=${seed}`);
    const result = await killWhileRecording({
      kills: 3,
      random: random(seed),
      longestMs: 900,
      say: (line) => t.diagnostic(line),
    });
    for (const { figure, measured, reached } of killFigures(result))
      assert.ok(reached, `${figure}: ${measured}`);
  },
);
