/** One source to one WAV file; in the main thread, or in a worker beside others. */
import { sampleFormatOf, SAMPLE_FORMAT_WORDS, type SampleFormat } from '../../modules/recorder/wav/format.js';
import { fail, show, succeed, type Outcome } from '../shared/outcome.js';
import { tapProgram } from '../supervisor/tap-program.js';
import { openSource } from './render-source.js';
import { writeProgram, type Written } from './render-write.js';

type Flags = Readonly<Record<string, unknown>>;

/** What is to be done; must survive being posted to a worker. */
export interface RenderTask {
  readonly source: string;
  /** The file, complete. */
  readonly path: string;
  readonly flags: Flags;
}

export interface Rendered extends Written {
  readonly tap: string;
}

/** `tell` gets the share that is done, 0..1. */
export async function renderOne(
  { source, path, flags }: RenderTask,
  tell: (share: number) => void,
): Promise<Outcome<Rendered>> {
  const asked = readFormat(flags['format']);
  if (!asked.ok) return asked;
  const opened = await openSource(source, flags);
  const program = tapProgram(opened.program, flags['tap']);
  if (!program.ok) return program;
  const written = writeProgram(program.value, asked.value ?? opened.sample ?? 'int24', path, tell);
  if (!written.ok) return written;
  return succeed({ ...written.value, tap: program.value.tap ?? 'master' }, program.warnings);
}

function readFormat(word: unknown): Outcome<SampleFormat | undefined> {
  if (word === undefined) return succeed(undefined);
  const sample = sampleFormatOf(String(word));
  if (sample) return succeed(sample);
  const mend = 'Nothing was rendered. Leave --format out for 24 bits.';
  return fail({ code: 'E_OPTION', where: '--format', got: show(word), allowed: SAMPLE_FORMAT_WORDS, mend });
}
