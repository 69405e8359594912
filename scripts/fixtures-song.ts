/**
 * A song as a client program of Music Chronus plays it: 40 s, every message as a datagram with the time it is sent
 * (milliseconds). Made after the songs that were recorded: stop, clear and tempo back to back; ints for floats; values
 * out of range; tracks added after the start, updated while they play, added again, removed where there are none; sweeps
 * of 100 messages a second; eight voices whether the engine has them or not; and at the end the client dies while it
 * plays. In test/fixtures/song.json.
 */
import { encode, float, int, text } from '../engine/control/encode.js';
import type { Arg } from '../engine/control/decode.js';

export const SONG_PATH = 'test/fixtures/song.json';

export type Timed = readonly [ms: number, base64: string];

/** Python sends whole numbers as ints, but here and there as floats; texts as texts. */
type Value = string | number | { readonly f: number };

/** Where what happens, ms. Between `bare` and `rest` only the kick is heard, as before `full` and after `again`. */
export const SONG = {
  start: 40,
  full: 7600,
  bare: 24_000,
  rest: 32_400,
  again: 33_000,
  end: 40_000,
} as const;
/** The kick comes every four steps: 128 BPM, from `again` on 140. */
export const KICK = 'X...X...X...X...';

export function song(): Timed[] {
  const sent: [number, string][] = [];
  const send = (ms: number, address: string, ...values: Value[]): void => {
    sent.push([ms, Buffer.from(encode(address, values.map(arg))).toString('base64')]);
  };
  opening(send);
  full(send);
  bare(send);
  again(send);
  return sent.sort((a, b) => a[0] - b[0]);
}

type Send = (ms: number, address: string, ...values: Value[]) => void;

function arg(value: Value): Arg {
  if (typeof value === 'string') return text(value);
  if (typeof value === 'object') return float(value.f);
  return Number.isInteger(value) ? int(value) : float(value);
}

function opening(send: Send): void {
  for (const address of ['/seq/stop', '/seq/clear']) send(0, address);
  send(0, '/seq/bpm', 128);
  send(0, '/engine/start', 1);
  send(1, '/mod/reverb1/mix', 0);
  send(1, '/mod/delay1/mix', 0);
  for (const lfo of ['lfo1', 'lfo2']) send(1, `/mod/${lfo}/depth`, 0);
  for (const [name, value] of Object.entries({ attack: 0.001, decay: 0.06, sustain: 0, release: 0.01 }))
    send(2, `/mod/voice1/adsr/${name}`, { f: value });
  send(2, '/mod/voice1/amp', { f: 0.8 });
  send(2, '/mod/voice1/filter/freq', 13000);
  send(3, '/seq/add', 'kick', 'voice1', KICK, 110, 8000);
  send(SONG.start, '/seq/start');
}

function full(send: Send): void {
  const at = SONG.full;
  send(at, '/mod/voice4/osc/type', 3);
  send(at, '/seq/add', 'hats', 'voice4', 'x.x.x.x.x.x.x.x.', 8000, 7000);
  send(at, '/seq/add', 'bass', 'voice2', 'X..x..X.x..x..X.', { f: 41.2 }, 800, '49,41.2,55,41.2,49,55');
  // Voices an engine may lack.
  for (const voice of [5, 6, 7, 8]) {
    send(at + 5, `/mod/voice${voice}/osc/type`, 1);
    send(at + 5, `/seq/add`, `extra${voice}`, `voice${voice}`, '..x...x...x...x.', 220 * voice, 2000);
    send(at + 6, `/mod/voice${voice}/amp`, { f: 2 });
    send(at + 7, `/gate/voice${voice}`, 1);
  }
  send(at + 10, '/seq/remove', 'ghost');
  send(at + 10, '/mod/voice1/wave', 'saw');
  send(at + 10, '/mod/delay1/feedback', { f: 0.8 });
  send(at + 11, '/mod/dist1/mix', { f: 0.3 });
  send(at + 11, '/mod/acid1/decay', { f: 0.2 });
  // Sweeps: 100 a second, out of range at their ends.
  for (let i = 0; i < 600; i++) {
    send(at + 400 + 10 * i, '/mod/acid1/cutoff', { f: Math.round(1350 + 2030 * Math.sin(i / 95)) });
    if (i % 3 === 0) send(at + 400 + 10 * i, '/mod/voice3/freq', 110 + i);
    if (i % 50 === 0) send(at + 405 + 10 * i, '/gate/voice3', (i / 50) % 2);
  }
  for (let bar = 0; bar < 6; bar++) {
    const time = at + 1000 + 1875 * bar;
    send(time, '/seq/update/pattern', 'hats', bar % 2 === 0 ? 'xxx.xxx.xxx.xxx.' : 'x.x.x.x.x.x.x.x.');
    send(time, '/seq/update/notes', 'bass', 'A2 A2 C3 E3 A2 G2');
    // Adding again replaces.
    send(time + 1, '/seq/add', 'kick', 'voice1', KICK, 110, 8000);
    send(time + 1, '/seq/remove', 'nothing');
    send(time + 2, '/seq/swing', { f: bar % 2 === 0 ? 0.12 : 0.05 });
  }
}

function bare(send: Send): void {
  const at = SONG.bare;
  for (const id of ['hats', 'bass', 'ghost', 'extra5', 'extra6', 'extra7', 'extra8'])
    send(at, '/seq/remove', id);
  for (const voice of [2, 3, 4, 5, 6, 7, 8]) send(at, `/gate/voice${voice}`, 0);
  send(at, '/mod/dist1/mix', 0);
  send(SONG.rest, '/seq/stop');
}

/** No more than this: then the client is gone. */
function again(send: Send): void {
  const at = SONG.again;
  send(at, '/seq/stop');
  send(at, '/seq/clear');
  send(at, '/seq/bpm', 140);
  send(at, '/seq/start');
  send(at, '/seq/add', 'kick', 'voice1', KICK, 110, 8000);
}

export function songText(): string {
  return `[\n${song()
    .map((timed) => `  ${JSON.stringify(timed)}`)
    .join(',\n')}\n]\n`;
}
