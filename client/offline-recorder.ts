/** Takes of an offline engine: the same words and names, the same files; they begin and end at blocks, as live. */
import { mkdirSync } from 'node:fs';
import type { RecorderPort } from '../engine/control/ports.js';
import { fail, succeed, type Outcome } from '../engine/shared/outcome.js';
import { CHANNELS } from '../engine/shared/tap.js';
import { Levels } from '../modules/recorder/levels.js';
import { automaticName, cleanName, createNew } from '../modules/recorder/name.js';
import { WAV_BITS } from '../modules/recorder/wav-header.js';
import { WavWriter } from '../modules/recorder/wav-writer.js';
import { ALL, readStart, readStop } from '../modules/recorder/words.js';

interface Take {
  readonly path: string;
  readonly startFrame: number;
  readonly writer: WavWriter;
  readonly levels: Levels;
  /** Frames it is to have. */
  readonly most: number;
}

type Words = readonly (string | number)[];

export class OfflineRecorder implements RecorderPort {
  readonly #takes = new Map<string, Take>();

  constructor(
    private readonly folder: string,
    private readonly sampleRate: number,
    private readonly frame: () => number,
    private readonly now: () => Date,
  ) {}

  start(words: Words): Promise<Outcome<object>> {
    return Promise.resolve(this.#start(words));
  }

  stop(words: Words): Promise<Outcome<object>> {
    const id = readStop(words);
    if (!id.ok) return Promise.resolve(id);
    const ids = id.value === ALL ? [...this.#takes.keys()] : [id.value];
    const ended = ids.map((each) => this.#end(each)).filter((each) => each !== undefined);
    if (id.value === ALL) return Promise.resolve(succeed({ takes: ended }));
    const [take] = ended;
    return Promise.resolve(take ? succeed(take) : fail(noTake(id.value)));
  }

  status(): { readonly recording: boolean } {
    return { recording: this.#takes.size > 0 };
  }

  /** A block that was rendered. */
  take(samples: Float32Array, frames: number): void {
    for (const [id, { writer, levels, most }] of this.#takes) {
      const count = Math.min(frames, most - writer.frames);
      levels.add(samples, count * CHANNELS);
      writer.append(samples, count);
      if (writer.frames >= most) this.#end(id);
    }
  }

  /** Ends what runs. */
  close(): void {
    for (const id of [...this.#takes.keys()]) this.#end(id);
  }

  #start(words: Words): Outcome<object> {
    const read = readStart(words);
    if (!read.ok) return read;
    const { id, format, durationSeconds, prerollSeconds } = read.value;
    if (prerollSeconds > 0) return fail(noPreroll(prerollSeconds));
    if (this.#takes.has(id)) return fail(running(id));
    const name = cleanName(read.value.name ?? automaticName(this.now()));
    if (!name.ok) return name;
    mkdirSync(this.folder, { recursive: true });
    const file = createNew(this.folder, /\.wav$/i.test(name.value) ? name.value : `${name.value}.wav`);
    if (!file.ok) return file;
    const { fd, path } = file.value;
    const writer = new WavWriter(fd, { sampleRate: this.sampleRate, channels: CHANNELS });
    const startFrame = this.frame();
    const most = durationSeconds === undefined ? Infinity : Math.round(durationSeconds * this.sampleRate);
    this.#takes.set(id, { path, startFrame, writer, levels: new Levels(), most });
    const { sampleRate } = this;
    return succeed({ id, path, format, bits: WAV_BITS, sampleRate, startFrame, prerollSeconds });
  }

  #end(id: string): object | undefined {
    const take = this.#takes.get(id);
    if (!take) return undefined;
    this.#takes.delete(id);
    const { writer, levels, path, startFrame } = take;
    writer.close();
    const { frames, bytes } = writer;
    const { peakDb, rmsDb, clipped: clippedSamples } = levels;
    const seconds = frames / this.sampleRate;
    return { id, path, startFrame, frames, seconds, bytes, peakDb, rmsDb, clippedSamples, lostBlocks: 0 };
  }
}

function noTake(id: string) {
  return { code: 'E_ID', got: id, allowed: 'the id of a take that runs', mend: 'Nothing was stopped.' };
}

function running(id: string) {
  const mend = 'Stop that one first, or give this one another id=.';
  return { code: 'E_BUSY', got: `a take ${id} while one runs`, allowed: 'one take of an id', mend };
}

function noPreroll(seconds: number) {
  const mend = 'Leave it out: start the take before what it is to hold.';
  return { code: 'E_RANGE', got: `preroll=${seconds}`, allowed: 'preroll=0 offline', mend };
}
