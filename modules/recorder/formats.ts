/** The words for what a take is written as. Pure. */
import { fail, show, succeed, type Outcome } from '../../engine/shared/outcome.js';
import { sampleFormatOf, type SampleFormat } from './wav/format.js';

export const DEFAULT_SAMPLE: SampleFormat = 'int24';

/** Words for a container that is written; every WAV of ours carries bext and becomes RF64 when it has to. */
const CONTAINERS = ['wav', 'wave', 'bwf', 'rf64'];
/** Words that are formats and are refused as such, not taken for names. */
const NOT_WRITTEN = ['aiff', 'aif', 'flac', 'ogg', 'opus', 'mp3', 'm4a', 'aac', 'caf'];

/** The numbers clients of the first generation send after a name. 3 was AIFF. */
const OLD_NUMBERS: readonly (SampleFormat | undefined)[] = ['int16', 'int24', 'float32', undefined];

const ALLOWED =
  'wav with 16, 24 or 32 bits: wav16, wav24 (default), wav32f; format=wav bits=16; numbers 0, 1, 2 for 16, 24, 32';

/** True for a word that stands for a format, written or not. `place`: where old numbers are understood. */
export function isFormatWord(word: string, place: 'second' | 'ending'): boolean {
  const text = word.toLowerCase();
  if (place === 'ending') return [...CONTAINERS, ...NOT_WRITTEN].includes(text);
  return NOT_WRITTEN.includes(text) || text in OLD_NUMBERS || readWord(text) !== undefined;
}

/** The kind of sample; undefined: the word leaves it open. Absent: no word of ours. */
function readWord(text: string): { readonly sample?: SampleFormat } | undefined {
  const container = CONTAINERS.find((each) => text.startsWith(each));
  const rest = container === undefined ? text : text.slice(container.length).replace(/^[-_]/, '');
  if (container !== undefined && rest === '') return {};
  const sample = sampleFormatOf(rest);
  return sample === undefined ? undefined : { sample };
}

/** What is written for `format` and `bits`; what contradicts itself or is not written is refused, never replaced. */
export function readSample(format: string | undefined, bits: string | undefined): Outcome<SampleFormat> {
  const word = (format ?? 'wav').toLowerCase();
  const old = OLD_NUMBERS[Number(word)];
  const read = old === undefined ? readWord(word) : { sample: old };
  if (!read)
    return refuse('format', format ?? '', 'Record as wav and convert the file. Nothing was recorded.');
  if (bits === undefined) return succeed(read.sample ?? DEFAULT_SAMPLE);
  const wanted = sampleFormatOf(bits);
  if (wanted === undefined)
    return refuse('bits', bits, 'Send bits=24, or leave it out. Nothing was recorded.');
  if (read.sample !== undefined && read.sample !== wanted)
    return refuse('bits', `${word} with bits=${bits}`, 'Send one of the two. Nothing was recorded.');
  return succeed(wanted);
}

function refuse(where: string, got: string, mend: string): Outcome<never> {
  return fail({ code: 'E_FORMAT', where, got: show(got), allowed: ALLOWED, mend });
}
