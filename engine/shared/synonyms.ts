/**
 * What people also call things, and the names that resemble a word. For suggestions only: nothing here makes a name
 * work. A leaf.
 */
import { nearest } from './nearest.js';

type Table = Readonly<Record<string, readonly string[]>>;

/** What modules (without their number) are also called. */
export const MODULE_WORDS: Table = {
  osc: ['voice'],
  oscillator: ['voice'],
  synth: ['voice'],
  sine: ['voice'],
  v: ['voice'],
  env: ['voice'],
  envelope: ['voice'],
  adsr: ['voice'],
  filt: ['voice'],
  filter: ['voice'],
  tb: ['acid'],
  bass: ['acid'],
  verb: ['reverb'],
  rev: ['reverb'],
  hall: ['reverb'],
  room: ['reverb'],
  echo: ['delay'],
  distortion: ['dist'],
  overdrive: ['dist'],
  drive: ['dist'],
  mod: ['lfo'],
  comp: ['limiter'],
  compressor: ['limiter'],
  limit: ['limiter'],
  master: ['limiter'],
  recorder: ['rec'],
  record: ['rec'],
};

/** What parameters, values and keys are also called. */
export const NAME_WORDS: Table = {
  frequency: ['freq', 'base_freq', 'rate'],
  freq: ['base_freq', 'rate', 'cutoff'],
  pitch: ['freq', 'base_freq'],
  note: ['freq', 'notes'],
  hz: ['freq', 'base_freq'],
  tune: ['freq'],
  cutoff: ['filter/freq', 'filter_freq', 'highcut'],
  lowpass: ['filter/freq', 'cutoff', 'highcut'],
  highpass: ['lowcut'],
  filter: ['filter/freq', 'filter_freq', 'cutoff'],
  resonance: ['filter/q', 'res'],
  reso: ['filter/q', 'res'],
  res: ['filter/q'],
  q: ['filter/q', 'res'],
  volume: ['amp', 'base_amp', 'mix'],
  vol: ['amp', 'base_amp', 'mix'],
  gain: ['amp', 'base_amp', 'mix', 'drive'],
  level: ['amp', 'base_amp', 'mix'],
  velocity: ['amp', 'base_amp'],
  wave: ['osc/type', 'shape'],
  waveform: ['osc/type', 'shape'],
  shape: ['osc/type'],
  type: ['osc/type', 'shape'],
  osc: ['osc/type'],
  envelope: ['env_amount', 'adsr/attack'],
  env_mod: ['env_amount'],
  glide: ['slide_time'],
  glide_time: ['slide_time'],
  portamento: ['slide_time'],
  slide: ['slide_time'],
  panning: ['pan'],
  balance: ['pan'],
  reverb: ['send/reverb', 'reverb_send'],
  delay: ['send/delay', 'delay_send', 'time'],
  echo: ['send/delay', 'delay_send'],
  size: ['room'],
  roomsize: ['room'],
  damping: ['damp'],
  wet: ['mix'],
  dry: ['mix'],
  drywet: ['mix'],
  amount: ['depth', 'mix', 'drive'],
  intensity: ['depth'],
  speed: ['rate'],
  destination: ['target'],
  dest: ['target'],
  threshold: ['ceiling'],
  boost: ['accent_boost'],
  accent: ['accent_boost'],
  gate: ['gate_frac'],
  length: ['gate_frac'],
  duration: ['dur', 'gate_frac'],
  seconds: ['dur'],
  lookback: ['preroll'],
  brightness: ['tone', 'filter/freq'],
  sawtooth: ['saw', 'saw_up'],
  ramp: ['saw', 'saw_up'],
  sin: ['sine'],
  sqr: ['square'],
  rect: ['square'],
  noise: ['white', 'pink', 'brown'],
  random: ['sample_hold', 'smooth_random'],
  tri: ['triangle'],
};

/** What the last part of a route is also called. */
export const ROUTE_WORDS: Table = {
  tempo: ['bpm'],
  speed: ['bpm'],
  play: ['start'],
  run: ['start'],
  begin: ['start'],
  halt: ['stop'],
  pause: ['stop'],
  end: ['stop'],
  reset: ['clear'],
  delete: ['remove', 'clear'],
  kill: ['remove', 'panic'],
  shuffle: ['swing'],
  groove: ['swing'],
  track: ['add'],
  create: ['add'],
  new: ['add'],
  set: ['add'],
  notes: ['update/notes'],
  pattern: ['update/pattern'],
  write: ['save'],
  store: ['save'],
  recall: ['load'],
  read: ['load'],
  open: ['load'],
  slots: ['list'],
  info: ['status'],
  state: ['status'],
  position: ['status'],
  help: ['schema'],
  alloff: ['panic'],
  silence: ['panic'],
  off: ['panic', 'stop'],
  ping: ['sync'],
  rec: ['record/start'],
  listen: ['subscribe'],
};

export function synonyms(table: Table, word: string): readonly string[] {
  return Object.hasOwn(table, word) ? (table[word] ?? []) : [];
}

/** reverb_send and send/reverb. */
function sameWords(a: string, b: string): boolean {
  const words = (text: string): string => text.split(/[/_]/).sort().join(' ');
  return words(a) === words(b);
}

/**
 * The candidates that may be meant by `name`, best first: those it is another word for, those that end with it
 * (`freq`: base_freq), and those that resemble it.
 */
export function alike(name: string, candidates: Iterable<string>, most = 3): string[] {
  const all = [...candidates];
  const word = name.slice(0, 64).trim().toLowerCase();
  const last = word.slice(1 + Math.max(word.lastIndexOf('/'), -1));
  const called = [...synonyms(NAME_WORDS, word), ...synonyms(NAME_WORDS, last)];
  const found = [
    ...called.filter((other) => all.includes(other)),
    ...all.filter((other) => word.length > 1 && (other.endsWith(`/${word}`) || other.endsWith(`_${word}`))),
    ...all.filter((other) => other !== word && sameWords(other, word)),
    ...nearest(word, all, most),
  ];
  const close = nearest(word, all, 1)[0];
  // One slip is more likely than another word.
  const first = close !== undefined && close.toLowerCase() === word ? [close] : [];
  return [...new Set([...first, ...found])].slice(0, most);
}
