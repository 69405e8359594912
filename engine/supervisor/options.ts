/** What an engine can be started with, with the limits and the environment names of Music Chronus. */
import { CELL_FRAMES, MAX_BLOCK_FRAMES, MAX_VOICES, MIN_BLOCK_FRAMES, RATES } from '../shared/core-layout.js';
import { fail, show, succeed, type Outcome } from '../shared/outcome.js';
import { RING_BLOCKS } from '../shared/run-memory.js';
import { LOOK_BACK_SECONDS } from '../shared/tap.js';

export interface EngineOptions {
  readonly home: string;
  /** Where takes go; may be on another disk. */
  readonly recordingsFolder: string;
  /** How far preroll= and keep reach. */
  readonly lookBackSeconds: number;
  /** What stays free on the disk with the takes, in millions of bytes. */
  readonly reserveMb: number;
  readonly sampleRate: number;
  readonly blockFrames: number;
  readonly voices: number;
  /** Time the engine renders ahead; at least 3 blocks. */
  readonly leadMs: number;
  readonly device: string;
  readonly oscPort: number;
  readonly oscHost: string;
  /** Where /viz/levels and /viz/spectrum go, on this machine; 0: nowhere. */
  readonly vizPort: number;
  /** False: one slot, without a second one that stands by. */
  readonly standby: boolean;
  /** Faults may be injected (/chaos/...). */
  readonly chaos: boolean;
}

export interface NumberOption {
  readonly name: keyof { [K in keyof EngineOptions as EngineOptions[K] extends number ? K : never]: true };
  readonly flag: string;
  readonly env?: string;
  readonly min: number;
  readonly max: number;
  readonly default: number;
  readonly whole: boolean;
  readonly unit: string;
  /** Must be a multiple of this. */
  readonly multipleOf?: number;
  readonly doc: string;
}

export const NUMBER_OPTIONS: readonly NumberOption[] = [
  {
    name: 'sampleRate',
    flag: '--rate',
    env: 'CHRONUS_SAMPLE_RATE',
    ...RATES,
    default: 48000,
    whole: true,
    unit: 'Hz',
    doc: 'sample rate',
  },
  {
    name: 'blockFrames',
    flag: '--block',
    env: 'CHRONUS_BUFFER_SIZE',
    min: MIN_BLOCK_FRAMES,
    max: MAX_BLOCK_FRAMES,
    default: 256,
    whole: true,
    multipleOf: CELL_FRAMES,
    unit: 'frames',
    doc: 'block length',
  },
  {
    name: 'voices',
    flag: '--voices',
    env: 'CHRONUS_NUM_VOICES',
    min: 1,
    max: MAX_VOICES,
    default: 16,
    whole: true,
    unit: 'voices',
    doc: 'number of voices',
  },
  {
    name: 'leadMs',
    flag: '--lead',
    min: 1,
    max: 500,
    default: 16,
    whole: false,
    unit: 'ms',
    doc: 'time rendered ahead',
  },
  {
    name: 'oscPort',
    flag: '--osc-port',
    env: 'CHRONUS_OSC_PORT',
    min: 0,
    max: 65535,
    default: 5005,
    whole: true,
    unit: '(0 = any free one)',
    doc: 'port for OSC, UDP and TCP',
  },
  {
    name: 'vizPort',
    flag: '--viz-port',
    min: 0,
    max: 65535,
    default: 5006,
    whole: true,
    unit: '(0 = nowhere)',
    doc: 'UDP port of a visualizer on this machine, for /viz/levels and /viz/spectrum',
  },
  {
    name: 'lookBackSeconds',
    flag: '--look-back',
    env: 'CHRONUS_LOOK_BACK',
    min: 10,
    max: 600,
    default: LOOK_BACK_SECONDS,
    whole: true,
    unit: 's',
    doc: 'what preroll= and record keep can reach back for; 0.4 MB of memory each second at 48 kHz',
  },
  {
    name: 'reserveMb',
    flag: '--reserve',
    env: 'CHRONUS_RESERVE_MB',
    min: 0,
    max: 1_000_000,
    default: 256,
    whole: true,
    unit: 'MB',
    doc: 'what a new take leaves free on the disk (of a small disk a twentieth)',
  },
];

/** Checks one number, wherever it came from. `place`: the flag or environment name it was given by. */
export function checkNumber(option: NumberOption, place: string, text: string): Outcome<number> {
  const value = text.trim() === '' ? NaN : Number(text);
  const step = option.multipleOf ?? 1;
  if (
    Number.isFinite(value) &&
    value >= option.min &&
    value <= option.max &&
    !(option.whole && value % step !== 0)
  ) {
    return succeed(value);
  }
  const steps = step > 1 ? `, a multiple of ${step}` : option.whole ? ', a whole number' : '';
  return fail({
    code: 'E_OPTION',
    where: place,
    got: `${place} ${show(text)}`,
    allowed: `${option.min}..${option.max} ${option.unit}${steps}`,
    mend: `Leave it out for ${option.default}.`,
  });
}

/** Blocks kept ready: the lead as a time, at least 3. */
export function leadBlocks({ leadMs, sampleRate, blockFrames }: EngineOptions): number {
  return Math.max(3, Math.ceil((leadMs * sampleRate) / 1000 / blockFrames));
}

/** Refuses a lead that does not fit into the ring of a slot. */
export function checkLead(options: EngineOptions): Outcome<EngineOptions> {
  const most = RING_BLOCKS - 2;
  if (leadBlocks(options) <= most) return succeed(options);
  const mostMs = Math.floor((most * options.blockFrames * 1000) / options.sampleRate);
  return fail({
    code: 'E_OPTION',
    where: '--lead',
    got: `--lead ${options.leadMs} with blocks of ${options.blockFrames} frames at ${options.sampleRate} Hz`,
    allowed: `up to ${mostMs} ms (${most} blocks)`,
    mend: 'Choose a shorter lead or longer blocks.',
  });
}
