/** A program as a whole process: CPU of all its threads, and whether what it wrote can be the patch. */
import { spawnSync } from 'node:child_process';
import { openWav } from '../../../modules/recorder/wav/wav-reader.js';
import { decodeFrames } from '../../../modules/recorder/wav/decode.js';
import { fft } from '../../../test/helpers/spectrum.js';

/** No render of a minute may take longer. */
const PATIENCE_MS = 600_000;

export function isThere(command: string, ...args: readonly string[]): boolean {
  const { error, status } = spawnSync(command, args, { stdio: 'ignore' });
  return error === undefined && status !== 127;
}

/** Runs it to its end; throws with its last words when it fails. */
export function ran(command: readonly string[], cwd?: string): void {
  const [program = '', ...args] = command;
  const { status, error, stderr } = spawnSync(program, args, {
    timeout: PATIENCE_MS,
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
    cwd,
  });
  if (error || status !== 0) throw new Error(`${program}: ${error?.message ?? stderr.slice(-600)}`);
}

/** Seconds of CPU, user and system. The shell counts its children; what they print is kept out. */
export function cpuSeconds(command: readonly string[]): number {
  const { status, stdout, error } = spawnSync(
    'sh',
    ['-c', '"$@" >/dev/null 2>&1 || exit 9; times', 'sh', ...command],
    { encoding: 'utf8', timeout: PATIENCE_MS },
  );
  if (error || status !== 0)
    throw new Error(`${command[0]} ended with ${error?.message ?? `code ${status}`}`);
  // Second line: user and system time of children, as 1m2.345s.
  const children = stdout.trim().split('\n').at(-1) ?? '';
  return [...children.matchAll(/(\d+)m([\d.]+)s/g)].reduce(
    (sum, [, m, s]) => sum + 60 * Number(m) + Number(s),
    0,
  );
}

export interface Heard {
  readonly seconds: number;
  readonly channels: number;
  readonly peak: number;
  readonly rmsDb: number;
  /** Centre of gravity of the magnitude spectrum up to 18 kHz, Hz, while a note is held. */
  readonly centroidHz: number;
}

const WINDOW = 32_768;
/** A note begins at every second one; a moment after its attack. */
const FROM_SECONDS = 4.3;

/** Of a file of some seconds at least. */
export function listen(path: string): Heard {
  const opened = openWav(path);
  if (!opened.ok) throw new Error(`${path}: ${opened.error.got}`);
  const { value: file } = opened;
  const { channels, sampleRate } = file.format;
  const samples = decodeFrames(file.format, Buffer.from(file.readBytes(0, file.frames)));
  file.close();
  const at = (frame: number): number => samples[frame * channels] ?? 0;
  let sum = 0;
  let peak = 0;
  for (let i = 0; i < file.frames; i++) {
    const x = at(i);
    sum += x * x;
    peak = Math.max(peak, Math.abs(x));
  }
  const from = Math.round(FROM_SECONDS * sampleRate);
  const re = Float64Array.from({ length: WINDOW }, (_, i) => {
    const hann = 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / WINDOW);
    return at(from + i) * hann;
  });
  const im = new Float64Array(WINDOW);
  fft(re, im);
  let weight = 0;
  let moment = 0;
  const most = Math.floor((18_000 * WINDOW) / sampleRate);
  for (let bin = 1; bin < most; bin++) {
    const magnitude = Math.hypot(re[bin] as number, im[bin] as number);
    weight += magnitude;
    moment += (magnitude * bin * sampleRate) / WINDOW;
  }
  return {
    seconds: file.frames / sampleRate,
    channels,
    peak,
    rmsDb: 10 * Math.log10(sum / file.frames),
    centroidHz: weight > 0 ? moment / weight : 0,
  };
}
