/**
 * Writes test/fixtures/document-shapes.json and song.json (see fixtures-*.ts), and client-shapes.json: what real client programs of Music Chronus send, one entry per address and
 * type tags (93 shapes), each with its smallest and largest value, as datagrams. Voices stand for voice1.
 *
 *      node <built>/scripts/fixtures.js [root of the repository]
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { encode } from '../engine/control/encode.js';
import { documentsText, DOCUMENTS_PATH } from './fixtures-documents.js';
import { SONG_PATH, songText } from './fixtures-song.js';

type Shape = readonly [address: string, tags: string, calls: readonly (readonly (string | number)[])[]];

const SHAPES: readonly Shape[] = [
  ['/engine/list', '', [[]]],
  ['/engine/list', 'i', [[1]]],
  ['/engine/record/start', '', [[]]],
  ['/engine/record/start', 's', [['my_take.wav']]],
  ['/engine/record/status', '', [[]]],
  ['/engine/record/stop', '', [[]]],
  ['/engine/schema', 's', [['stdout'], ['json']]],
  ['/engine/start', '', [[]]],
  ['/engine/start', 'i', [[1]]],
  ['/engine/status', '', [[]]],
  ['/engine/stop', '', [[]]],
  ['/gate/acid1', 'f', [[0], [1]]],
  ['/gate/acid1', 'i', [[0], [1]]],
  ['/gate/adsr1', 'f', [[0], [1]]],
  ['/gate/adsr1', 'i', [[1]]],
  ['/gate/voiceN', 'f', [[0], [1]]],
  ['/gate/voiceN', 'i', [[0], [1]]],
  ['/mod/acid1/accent', 'f', [[0], [1]]],
  ['/mod/acid1/accent_decay', 'f', [[0.08]]],
  ['/mod/acid1/cutoff', 'f', [[-682], [3380]]],
  ['/mod/acid1/cutoff', 'i', [[200], [3050]]],
  ['/mod/acid1/cutoff_offset', 'i', [[600]]],
  ['/mod/acid1/decay', 'f', [[0.03], [0.4]]],
  ['/mod/acid1/drive', 'f', [[0.05], [0.7]]],
  ['/mod/acid1/env_amount', 'f', [[500], [4000]]],
  ['/mod/acid1/env_amount', 'i', [[1000], [4000]]],
  ['/mod/acid1/mix', 'f', [[0.5], [1]]],
  ['/mod/acid1/res', 'f', [[0.2], [0.95]]],
  ['/mod/acid1/res_accent_boost', 'f', [[0.25]]],
  ['/mod/acid1/vol_comp', 'f', [[0.5]]],
  ['/mod/adsr1/attack', 'f', [[0.001], [0.5]]],
  ['/mod/adsr1/decay', 'f', [[0.3]]],
  ['/mod/adsr1/freq', 'f', [[120]]],
  ['/mod/adsr1/release', 'f', [[0.05], [4]]],
  ['/mod/adsr1/sustain', 'f', [[0.4]]],
  ['/mod/delay1/feedback', 'f', [[0.2], [0.8]]],
  ['/mod/delay1/highcut', 'i', [[3500], [4000]]],
  ['/mod/delay1/lowcut', 'i', [[200]]],
  ['/mod/delay1/mix', 'f', [[0], [0.6]]],
  ['/mod/delay1/mix', 'i', [[0]]],
  ['/mod/delay1/time', 'f', [[0.125], [0.6]]],
  ['/mod/dist1/drive', 'f', [[0], [0.9]]],
  ['/mod/dist1/drive', 'i', [[0]]],
  ['/mod/dist1/mix', 'f', [[0], [1]]],
  ['/mod/dist1/mix', 'i', [[0]]],
  ['/mod/dist1/tone', 'f', [[0], [1]]],
  ['/mod/dist1/tone', 'i', [[0]]],
  ['/mod/filter1/freq', 'i', [[200], [5000]]],
  ['/mod/filter1/q', 'f', [[1]]],
  ['/mod/lfo1/depth', 'f', [[0], [0.8]]],
  ['/mod/lfo1/depth', 'i', [[0]]],
  ['/mod/lfo1/rate', 'f', [[0.1], [8]]],
  ['/mod/lfo2/depth', 'f', [[0], [0.6]]],
  ['/mod/lfo2/depth', 'i', [[0]]],
  ['/mod/lfo2/rate', 'f', [[0.05], [12]]],
  ['/mod/reverb1/damp', 'f', [[0.1], [0.9]]],
  ['/mod/reverb1/mix', 'f', [[0], [0.8]]],
  ['/mod/reverb1/room', 'f', [[0.1], [0.95]]],
  ['/mod/sine1/freq', 'f', [[110], [393.6]]],
  ['/mod/sine1/freq', 'i', [[220], [880]]],
  ['/mod/voiceN/adsr/attack', 'f', [[0.001], [2]]],
  ['/mod/voiceN/adsr/decay', 'f', [[0], [0.5]]],
  ['/mod/voiceN/adsr/release', 'f', [[0.002], [3]]],
  ['/mod/voiceN/adsr/sustain', 'f', [[0], [1]]],
  ['/mod/voiceN/amp', 'f', [[0.025], [2]]],
  ['/mod/voiceN/filter/freq', 'f', [[80], [8000]]],
  ['/mod/voiceN/filter/freq', 'i', [[80], [13000]]],
  ['/mod/voiceN/filter/q', 'f', [[0.7], [11]]],
  ['/mod/voiceN/filter/q', 'i', [[2], [8]]],
  ['/mod/voiceN/freq', 'f', [[27.5], [8000]]],
  ['/mod/voiceN/freq', 'i', [[45], [12000]]],
  ['/mod/voiceN/osc/type', 'i', [[0], [5]]],
  ['/mod/voiceN/send/delay', 'f', [[0], [0.7]]],
  ['/mod/voiceN/send/reverb', 'f', [[0], [0.9]]],
  ['/mod/voiceN/slide_time', 'f', [[0.04], [0.8]]],
  ['/mod/voiceN/slide_time', 'i', [[0]]],
  ['/mod/voiceN/wave', 's', [['saw']]],
  ['/seq/add', 'sssf', [['kick', 'voice1', 'X...x...X...x...', 60]]],
  ['/seq/add', 'sssff', [['hats', 'voice4', 'x.x.x.x.x.x.x.x.', 8000, 7000]]],
  ['/seq/add', 'sssfi', [['bass', 'voice2', 'X..x..X.x..x..X.', 41.2, 800]]],
  ['/seq/add', 'sssfis', [['acid', 'voice2', 'x.x.X...X.X.X.X.', 55, 1200, '49,41.2,55,41.2,49,55']]],
  ['/seq/add', 'sssii', [['lead', 'voice8', '....X.......X...', 440, 2000]]],
  ['/seq/bpm', 'f', [[65], [140]]],
  ['/seq/bpm', 'i', [[128], [174]]],
  ['/seq/clear', '', [[]]],
  ['/seq/remove', 's', [['kick']]],
  ['/seq/start', '', [[]]],
  ['/seq/status', '', [[]]],
  ['/seq/stop', '', [[]]],
  ['/seq/swing', 'f', [[0.05], [0.12]]],
  ['/seq/update/notes', 'ss', [['acid', 'A2 A2 C3 E3 A2 G2 A2 E3 A2 C3 D3 E3']]],
  ['/seq/update/pattern', 'ss', [['kick', 'X.....x.x...X.X.']]],
  ['/test/unknown/route', 'i', [[123]]],
];

export const FIXTURES_PATH = 'test/fixtures/client-shapes.json';

export interface ClientShape {
  readonly address: string;
  readonly tags: string;
  readonly values: readonly (readonly (string | number)[])[];
  /** One datagram per row of values. */
  readonly base64: readonly string[];
}

export function clientShapes(): ClientShape[] {
  return SHAPES.map(([shape, tags, values]) => {
    const address = shape.replace('voiceN', 'voice1');
    const datagrams = values.map((row) =>
      encode(
        address,
        row.map((value, i) => ({ type: tags[i] as string, value })),
      ),
    );
    return { address, tags, values, base64: datagrams.map((bytes) => Buffer.from(bytes).toString('base64')) };
  });
}

/** The file, in the form the formatter gives it. */
export function fixturesText(): string {
  const entries = clientShapes().map((shape) => {
    const members = Object.entries(shape).map(([key, value]) => `    ${member(`"${key}": `, value)}`);
    return `  {\n${members.join(',\n')}\n  }`;
  });
  return `[\n${entries.join(',\n')}\n]\n`;
}

const WIDTH = 110;

/** On one line, or a list that is too long with one item to the line. */
function member(key: string, value: unknown): string {
  const line = `${key}${inline(value)}`;
  if (!Array.isArray(value) || line.length + 4 <= WIDTH) return line;
  return `${key}[\n${value.map((item) => `      ${inline(item)}`).join(',\n')}\n    ]`;
}

function inline(value: unknown): string {
  return Array.isArray(value) ? `[${value.map(inline).join(', ')}]` : JSON.stringify(value);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const root = process.argv[2] ?? process.cwd();
  writeFileSync(join(root, FIXTURES_PATH), fixturesText());
  writeFileSync(join(root, DOCUMENTS_PATH), documentsText());
  writeFileSync(join(root, SONG_PATH), songText());
}
