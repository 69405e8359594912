/**
 * From a datagram to its command in the log, in process: the real control plane and the real log, without socket and
 * slots. The messages are those of real songs, in the shares in which they send them.
 */
import { createControl, type Control } from '../control/dispatch.js';
import { encode, float, int, text } from '../control/encode.js';
import type { ControlPorts } from '../control/ports.js';
import { Session } from '../control/session.js';
import { createRunMemory, JOURNAL_POSITION, SLOTS } from '../shared/run-memory.js';
import { LogWriter } from '../supervisor/log-writer.js';

export interface OscFigures {
  readonly messages: number;
  /** Decode, look up, check, apply: until the command stands in the log. */
  readonly medianUs: number;
  readonly p99Us: number;
  readonly maxUs: number;
  /** Median of one message that sets 99 parameters on 16 voices by a pattern, most of them clamped, 16 answers. */
  readonly fanOutUs: number;
}

const VOICES = 16;
const MESSAGES = 100_000;
const WARM_UP = 20_000;
const FAN_OUTS = 200;
const LOG_ENTRIES = 1 << 16;

/** A control plane whose log is read as fast as it is written. */
class Desk {
  readonly control: Control;
  readonly #words: Int32Array;
  readonly #log: LogWriter;
  readonly #sender = { key: 'bench', send: (): void => {} };

  constructor() {
    const memories = Array.from(
      { length: SLOTS },
      () => new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true }),
    );
    const run = createRunMemory(
      { sampleRate: 48000, blockFrames: 256, voices: VOICES, leadBlocks: 3 },
      { stateStart: 0, stateEnd: 64, statusAddress: 0, crumbAddress: 0 },
      memories,
      { logEntries: LOG_ENTRIES },
    );
    this.#words = new Int32Array(run.control);
    this.#log = new LogWriter(run);
    const session = new Session(this.#log, VOICES);
    this.control = createControl({ ...NOTHING_ELSE, session } as unknown as ControlPorts);
  }

  /** Microseconds. */
  send(bytes: Uint8Array): number {
    const before = performance.now();
    this.control.receive(bytes, this.#sender);
    const took = performance.now() - before;
    this.#words[JOURNAL_POSITION] = this.#log.position();
    return took * 1000;
  }
}

/** What these messages reach beside the session: whether they are late and whether there is room. */
const NOTHING_ELSE = {
  engine: { frameAt: () => undefined, queueRoom: () => 4096 },
  recorder: { status: () => ({ recording: false }) },
  patterns: {},
  home: {},
  now: () => new Date(),
};

export function benchOsc(): OscFigures {
  const desk = new Desk();
  const random = seeded(1);
  for (const bytes of START) desk.send(bytes);
  for (let i = 0; i < WARM_UP; i++) desk.send(message(random));
  const sent = Array.from({ length: MESSAGES }, () => message(random));
  const times = Float64Array.from(sent, (bytes) => desk.send(bytes)).sort();
  const all = encode('/mod/*/*', [float(1e9)]);
  for (let i = 0; i < FAN_OUTS / 10; i++) desk.send(all);
  const fanOut = Float64Array.from({ length: FAN_OUTS }, () => desk.send(all)).sort();
  const part = (sorted: Float64Array, share: number): number =>
    Number((sorted[Math.floor(share * (sorted.length - 1))] ?? NaN).toFixed(2));
  return {
    messages: MESSAGES,
    medianUs: part(times, 0.5),
    p99Us: part(times, 0.99),
    maxUs: part(times, 1),
    fanOutUs: part(fanOut, 0.5),
  };
}

const PATTERNS = ['X...x...X...x...', 'x.x.x.x.x.x.x.x.', 'X..x..X.x..x..X.', '....X.......X...'];

/** Eight tracks that play, as in a song for eight voices. */
const START: readonly Uint8Array[] = [
  ...Array.from({ length: 8 }, (_, i) => addTrack(`track${i + 1}`, i + 1, i)),
  encode('/seq/start', []),
];

/** The next message of a song: shares as they were counted in 12 000 messages of real ones. */
function message(random: () => number): Uint8Array {
  const voice = `voice${1 + Math.floor(random() * 8)}`;
  const kind = random();
  if (kind < 0.33) return encode(`/gate/${voice}`, [random() < 0.5 ? int(1) : int(0)]);
  if (kind < 0.54) return encode(`/mod/${voice}/freq`, [float(27.5 + random() * 8000)]);
  if (kind < 0.63) return encode(`/mod/${voice}/amp`, [float(random())]);
  if (kind < 0.71) return encode(`/mod/${voice}/filter/freq`, [int(80 + Math.floor(random() * 9000))]);
  if (kind < 0.8) return encode('/mod/acid1/cutoff', [float(-682 + random() * 4000)]);
  if (kind < 0.86) return encode('/mod/sine1/freq', [int(220 + Math.floor(random() * 660))]);
  if (kind < 0.9) return encode(`/mod/${voice}/adsr/release`, [float(random() * 3)]);
  if (kind < 0.93) return encode('/mod/reverb1/mix', [float(random())]);
  if (kind < 0.95) return encode('/mod/dist1/drive', [float(random())]);
  if (kind < 0.97)
    return encode('/seq/update/pattern', [text(`track${1 + Math.floor(random() * 8)}`), text(pick(random))]);
  if (kind < 0.985) return addTrack(`track${1 + Math.floor(random() * 8)}`, 1 + Math.floor(random() * 8), 1);
  if (kind < 0.995) return encode('/seq/bpm', [float(60 + random() * 120)]);
  return encode('/seq/update/notes', [text('track1'), text('A2 A2 C3 E3 A2 G2 A2 E3')]);
}

function pick(random: () => number): string {
  return PATTERNS[Math.floor(random() * PATTERNS.length)] as string;
}

function addTrack(id: string, voice: number, i: number): Uint8Array {
  const pattern = PATTERNS[i % PATTERNS.length] as string;
  return encode('/seq/add', [
    text(id),
    text(`voice${voice}`),
    text(pattern),
    float(55.5),
    int(800),
    text('49,41.2,55,41.2,49,55'),
  ]);
}

/** Numbers from 0 to 1, the same for the same seed (Lehmer). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48271) % 2147483647) / 2147483647;
}
