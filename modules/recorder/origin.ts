/** Where a take comes from, for the broadcast extension of its file. Pure. */
import type { WavOrigin } from './wav/bext.js';
import { codingHistory } from './wav/bext.js';
import { CHANNELS } from '../../engine/shared/tap.js';
import type { TakeJob } from './take.js';

/** Dates and times are local, as in the names of takes. */
export function originOf({ started, sampleRate, sample, about, name }: TakeJob): WavOrigin {
  const two = (n: number): string => String(n).padStart(2, '0');
  const [hours, minutes, seconds] = [started.getHours(), started.getMinutes(), started.getSeconds()];
  const sinceMidnight = hours * 3600 + minutes * 60 + seconds + started.getMilliseconds() / 1000;
  const version = String(about['engineVersion'] ?? 'unknown');
  return {
    originator: `Music Chronus ${version}`,
    originatorReference: String(about['run'] ?? ''),
    description: `${name}, take ${String(about['id'] ?? '')}`,
    originationDate: `${started.getFullYear()}-${two(started.getMonth() + 1)}-${two(started.getDate())}`,
    originationTime: `${two(hours)}:${two(minutes)}:${two(seconds)}`,
    timeReference: Math.round(sinceMidnight * sampleRate),
    codingHistory: codingHistory({ sampleRate, channels: CHANNELS, sample }, `Music Chronus ${version}`),
  };
}
