/** Where the sound goes: opens what `--device` names and says in one line what it is and how to hear it. */
import { fail, succeed, type Outcome } from '../shared/outcome.js';
import type { TapMemory } from '../shared/tap.js';
import { openCardDevice } from './card-device.js';
import { GRANTED, PLAYING, SKIPPED, STATE, UNDERFLOWS } from './card-progress.js';
import { openFileDevice } from './file-device.js';
import { listDevices } from './list.js';

export interface Output {
  /** `null`, `file:PATH` or the name of the card. */
  readonly name: string;
  /** One line for the person who starts the engine. */
  readonly line: string;
  /** For the clock, when a card paces it. */
  readonly progress?: SharedArrayBuffer;
  status(): object;
  /** Times a card has run dry. */
  underflows(): number;
  /** Blocks that wait in the device beyond the engine's own lead. */
  readonly queueBlocks: number;
  close(): Promise<void>;
}

export interface OutputOptions {
  /** `auto`, `null`, `file:PATH`, or a card by number or part of its name. */
  readonly device: string;
  readonly tap: TapMemory;
  readonly sampleRate: number;
  readonly engineVersion: string;
  readonly onNotice: (line: string) => void;
}

const HEAR = 'Record with `chronus record start`, or render with `chronus render SOURCE -o out.wav`.';

/** `auto` takes a card when there is one and is silent about its absence but for one line; a named card must be there. */
export async function openOutput(options: OutputOptions): Promise<Outcome<Output>> {
  const { device } = options;
  if (device === 'null') return succeed(nullOutput('Playing on the null device: nothing is heard.'));
  if (device.startsWith('file:')) return fileOutput(options, device.slice('file:'.length));
  const list = await listDevices();
  const wanted = device === 'auto' ? 'default' : device;
  const outputs = list.devices.filter(({ outputs }) => outputs > 0);
  const match =
    wanted === 'default'
      ? outputs[0]
      : outputs.find(({ id, name }) => String(id) === wanted || name.includes(wanted));
  if (match) return succeed(cardOutput(options, wanted, match.name));
  const reason = list.reason ?? (outputs.length ? 'no such card' : 'no sound card');
  if (device === 'auto')
    return succeed(nullOutput(`Playing on the null device (${reason}): nothing is heard.`));
  return fail({
    code: 'E_DEVICE',
    got: `device '${device}' (${reason})`,
    allowed: ['auto', 'null', 'file:PATH', ...outputs.map(({ name }) => name)].join(', '),
    mend: 'See `chronus devices`, or start with --device null.',
  });
}

function nullOutput(line: string): Output {
  return {
    name: 'null',
    line: `${line} ${HEAR}`,
    queueBlocks: 0,
    underflows: () => 0,
    status: () => ({}),
    close: () => Promise.resolve(),
  };
}

async function fileOutput(options: OutputOptions, path: string): Promise<Outcome<Output>> {
  if (path === '') {
    return fail({
      code: 'E_DEVICE',
      got: 'file: without a path',
      allowed: 'file:PATH',
      mend: 'Say --device file:out.wav.',
    });
  }
  const opened = await openFileDevice({
    path,
    tap: options.tap,
    sampleRate: options.sampleRate,
    about: { engineVersion: options.engineVersion },
    onFailed: (problem) => options.onNotice(`${problem.code}: ${problem.got}. ${problem.mend}`),
  });
  if (!opened.ok) return opened;
  const { value: file } = opened;
  return succeed({
    name: `file:${file.path}`,
    line: `Everything is written to ${file.path}.`,
    queueBlocks: 0,
    underflows: () => 0,
    status: () => ({ path: file.path }),
    async close() {
      await file.close();
    },
  });
}

function cardOutput(options: OutputOptions, wanted: string, name: string): Output {
  const card = openCardDevice({
    tap: options.tap,
    device: wanted,
    sampleRate: options.sampleRate,
    onFailed: (reason) =>
      options.onNotice(`The sound card is gone (${reason}); the music goes on without it.`),
  });
  const words = new Int32Array(card.progress);
  const states = ['opening', 'playing', 'failed', 'closed'];
  return {
    name,
    line: `Playing on ${name}.`,
    progress: card.progress,
    // Two blocks are outstanding at most: one in the card process and one on its way.
    queueBlocks: 2,
    underflows: () => Atomics.load(words, UNDERFLOWS),
    status: () => ({
      state: states[Atomics.load(words, STATE)],
      underflows: Atomics.load(words, UNDERFLOWS),
      skippedBlocks: Atomics.load(words, SKIPPED),
      grantedBlocks: Atomics.load(words, GRANTED),
      pacing: Atomics.load(words, STATE) === PLAYING,
    }),
    close: () => card.close(),
  };
}
