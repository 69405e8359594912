/** Takes of an offline engine: the same words and names, the same files; they begin and end at blocks, as live. */
import { mkdirSync } from 'node:fs';
import type { RecorderPort } from '../engine/control/ports.js';
import { fail, succeed, type Outcome } from '../engine/shared/outcome.js';
import { CHANNELS } from '../engine/shared/tap.js';
import { Measures } from '../modules/recorder/measures.js';
import { automaticName, cleanName, createNew } from '../modules/recorder/name.js';
import { cuesOf, type Mark } from '../modules/recorder/sidecar-file.js';
import { listTakes } from '../modules/recorder/sidecars.js';
import { bitsOf, type SampleFormat } from '../modules/recorder/wav/format.js';
import { WavWriter } from '../modules/recorder/wav/wav-writer.js';
import { ALL, readMark, readStart, readStop } from '../modules/recorder/words.js';

interface Take {
  readonly path: string;
  readonly sample: SampleFormat;
  readonly startFrame: number;
  readonly writer: WavWriter;
  readonly measures: Measures;
  readonly marks: Mark[];
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

  /** There is nothing to look back on: what is to be recorded is rendered after the start. */
  keep(): Promise<Outcome<object>> {
    return Promise.resolve(fail(noLookBack('record/keep')));
  }

  cue(words: Words): Outcome<object> {
    const read = readMark(words);
    if (!read.ok) return read;
    const { text, id } = read.value;
    const takes = [...this.#takes].filter(([each]) => id === undefined || each === id);
    if (takes.length === 0) return fail(noTake(id ?? ALL));
    const frame = this.frame();
    for (const [, take] of takes) take.marks.push({ kind: 'mark', frame, text });
    return succeed({ text, frame, takes: takes.map(([each]) => ({ id: each })) });
  }

  async list(): Promise<Outcome<object>> {
    const active = [...this.#takes].map(([id, { path }]) => ({ id, path }));
    return succeed({ active, ...(await listTakes(this.folder)), folder: this.folder });
  }

  status(): { readonly recording: boolean } {
    return { recording: this.#takes.size > 0 };
  }

  /** A block that was rendered. */
  take(samples: Float32Array, frames: number): void {
    for (const [id, { writer, measures, most }] of this.#takes) {
      const count = Math.min(frames, most - writer.frames);
      measures.add(samples, count);
      writer.append(samples, count);
      if (writer.frames >= most) this.#end(id);
    }
  }

  /** Ends what runs. */
  close(): void {
    for (const id of [...this.#takes.keys()]) this.#end(id);
  }

  #start(words: Words): Outcome<object> {
    const read = readStart(words, 0);
    if (!read.ok) return read;
    const { id, sample, style, project, durationSeconds, prerollSeconds } = read.value;
    if (this.#takes.has(id)) return fail(running(id));
    const name = cleanName(read.value.name ?? automaticName(this.now(), style, project));
    if (!name.ok) return name;
    mkdirSync(this.folder, { recursive: true });
    const file = createNew(this.folder, /\.wav$/i.test(name.value) ? name.value : `${name.value}.wav`);
    if (!file.ok) return file;
    const { fd, path } = file.value;
    const { sampleRate } = this;
    const startFrame = this.frame();
    const writer = new WavWriter(fd, { sampleRate, channels: CHANNELS, sample }, { startFrame });
    const most = durationSeconds === undefined ? Infinity : Math.round(durationSeconds * sampleRate);
    const measures = new Measures(sampleRate, CHANNELS);
    this.#takes.set(id, { path, sample, startFrame, writer, measures, marks: [], most });
    const bits = bitsOf(sample);
    return succeed({ id, path, format: 'wav', sample, bits, sampleRate, startFrame, prerollSeconds });
  }

  #end(id: string): object | undefined {
    const take = this.#takes.get(id);
    if (!take) return undefined;
    this.#takes.delete(id);
    const { writer, measures, path, sample, startFrame, marks } = take;
    const measured = measures.end();
    writer.close({ loudness: measured, cues: cuesOf(marks, startFrame) });
    const { frames, bytes } = writer;
    const seconds = frames / this.sampleRate;
    return {
      id,
      path,
      sample,
      startFrame,
      frames,
      seconds,
      bytes,
      ...measured,
      lateBlocks: 0,
      lostBlocks: 0,
    };
  }
}

function noTake(id: string) {
  return { code: 'E_ID', got: id, allowed: 'the id of a take that runs', mend: 'Nothing was stopped.' };
}

function running(id: string) {
  const mend = 'Stop that one first, or give this one another id=.';
  return { code: 'E_BUSY', got: `a take ${id} while one runs`, allowed: 'one take of an id', mend };
}

function noLookBack(what: string) {
  const mend = 'Start the take before what it is to hold.';
  return { code: 'E_RANGE', got: what, allowed: 'takes that begin at the start, offline', mend };
}
