/** What a WAV file of ours can hold. A leaf. */

export type SampleFormat = 'int16' | 'int24' | 'float32';

export interface WavFormat {
  /** Frames per second, 1..2^32-1. */
  readonly sampleRate: number;
  /** 1..65535; samples of a frame are interleaved. */
  readonly channels: number;
  readonly sample: SampleFormat;
}

interface SampleFacts {
  readonly bits: 16 | 24 | 32;
  /** The format tag in `fmt `: 1 whole numbers, 3 IEEE float. */
  readonly tag: 1 | 3;
  /** What else it is called; lower case. */
  readonly words: readonly string[];
  readonly doc: string;
}

export const SAMPLE_FORMATS: Readonly<Record<SampleFormat, SampleFacts>> = {
  int16: { bits: 16, tag: 1, words: ['16', 's16', 'pcm16', '16bit', '16-bit'], doc: '16-bit, dithered' },
  int24: { bits: 24, tag: 1, words: ['24', 's24', 'pcm24', '24bit', '24-bit'], doc: '24-bit' },
  float32: {
    bits: 32,
    tag: 3,
    words: ['32f', '32', 'f32', 'float', '32bit', '32-bit', '32-bit-float'],
    doc: '32-bit float, as it was computed',
  },
};

const NAMES = Object.keys(SAMPLE_FORMATS) as SampleFormat[];

/** `int16 (16), ...`, for messages and help. */
export const SAMPLE_FORMAT_WORDS = NAMES.map((name) => `${name} (${SAMPLE_FORMATS[name].words[0]})`).join(
  ', ',
);

/** The format a word means; undefined where it means none. Upper and lower case are the same. Pure. */
export function sampleFormatOf(word: string): SampleFormat | undefined {
  const wanted = word.trim().toLowerCase();
  return NAMES.find((name) => name === wanted || SAMPLE_FORMATS[name].words.includes(wanted));
}

export function bitsOf(sample: SampleFormat): 16 | 24 | 32 {
  return SAMPLE_FORMATS[sample].bits;
}

export function bytesPerSample(sample: SampleFormat): number {
  return SAMPLE_FORMATS[sample].bits / 8;
}

export function bytesPerFrame(format: WavFormat): number {
  return format.channels * bytesPerSample(format.sample);
}
