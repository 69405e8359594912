/** `--device file:PATH`: the whole run as one WAV file; a take of the recorder under a path of the player's choice. */
import { mkdirSync } from 'node:fs';
import { basename, dirname, extname, resolve } from 'node:path';
import { DEFAULT_SAMPLE } from '../../modules/recorder/formats.js';
import { folderProblem } from '../../modules/recorder/name.js';
import { TakeProgress } from '../../modules/recorder/progress.js';
import type { TakeEnd, TakeJob } from '../../modules/recorder/take.js';
import { spawnTakeWriter } from '../../modules/recorder/writer.js';
import { fail, succeed, type Outcome, type Problem } from '../shared/outcome.js';
import { TapReader, type TapMemory } from '../shared/tap.js';

export interface FileDeviceOptions {
  /** As given; `.wav` is added when it does not end so, `_002` when it exists. */
  readonly path: string;
  readonly tap: TapMemory;
  readonly sampleRate: number;
  /** First block; absent: the next one that is played. */
  readonly fromBlock?: number;
  /** Goes into the sidecar: run, engine version. */
  readonly about?: Readonly<Record<string, string | number>>;
  /** The file ended early (disk full, 4 GiB). The music goes on. Called at most once. */
  readonly onFailed: (problem: Problem) => void;
}

export interface FileDevice {
  readonly path: string;
  /** Everything played up to now is in the file, and the file is whole, when this resolves. */
  close(): Promise<Outcome<TakeEnd>>;
}

/** Resolves when the file is there. Never rejects. It paces nothing: the clock runs as with the null device. */
export async function openFileDevice(options: FileDeviceOptions): Promise<Outcome<FileDevice>> {
  const reader = new TapReader(options.tap, options.fromBlock);
  const wanted = resolve(options.path);
  const folder = dirname(wanted);
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    return fail(folderProblem(folder, error));
  }
  const name = basename(wanted);
  const progress = new TakeProgress();
  const job: TakeJob = {
    tap: options.tap,
    progress: progress.memory,
    sampleRate: options.sampleRate,
    sample: DEFAULT_SAMPLE,
    folder,
    name: extname(name).toLowerCase() === '.wav' ? name : `${name}.wav`,
    fromBlock: reader.block,
    started: new Date(),
    about: { id: 'file', ...options.about },
  };
  const writer = spawnTakeWriter(job, () => undefined);
  const opened = await writer.opened;
  if (!opened.ok) return opened;
  let closing = false;
  void writer.ended.then((outcome) => {
    const problem = outcome.ok ? outcome.value.problem : outcome.error;
    if (problem && !closing) options.onFailed(problem);
  });
  return succeed({
    path: opened.value,
    async close() {
      closing = true;
      progress.hold();
      progress.stop(reader.head());
      return writer.ended;
    },
  });
}
