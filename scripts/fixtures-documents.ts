/**
 * What documents and the first generation's programs send, beside the shapes that were recorded (fixtures.ts): one entry
 * per shape with what it must lead to, on an engine with 8 voices. In test/fixtures/document-shapes.json, with the
 * datagrams. `/seq/*` of the first generation and `/patch/*` are not among them.
 */
import { encode } from '../engine/control/encode.js';

export const DOCUMENTS_PATH = 'test/fixtures/document-shapes.json';

type Value = string | number | boolean | null;

export interface DocumentShape {
  /** Where it stands. */
  readonly from: string;
  readonly address: string;
  readonly tags: string;
  readonly values: readonly Value[];
  /** In the words of test/control/effects.ts; an empty list: nothing at all. */
  readonly leadsTo: readonly string[];
  readonly base64: string;
}

type Row = readonly [
  from: string,
  address: string,
  tags: string,
  values: readonly Value[],
  leadsTo: readonly string[],
];

const README = 'README, second generation';
const KEYS = 'documents, second generation: key=value';
const V2 = 'first generation, V2';
const V3 = 'first generation, V3';
const P1 = 'first generation, P1';
const WIRE = 'reference, 1.1 and 1.2';

const ROWS: readonly Row[] = [
  [README, '/seq/add', 'sss', ['kick', 'voice1', 'X...X...'], ['track kick voice1 X...X...']],
  [KEYS, '/seq/add', 'ssss', ['k', 'voice1', 'X...', 'base_freq=60'], ['track k voice1 X... base 60']],
  [
    KEYS,
    '/seq/add',
    'sssfss',
    ['k', 'voice1', 'X...', 60, 'gate_frac=0.2', 'accent_boost=100'],
    ['track k voice1 X... base 60 boost 100 gate 0.2'],
  ],
  [
    KEYS,
    '/seq/add',
    'sssssss',
    ['k', 'voice3', 'x.x.', 'base_amp=0.5', 'filter_freq=900', 'reverb_send=0.3', 'delay_send=0.1'],
    ['track k voice3 x.x. amp 0.5 filter 900 reverb 0.3 delay 0.1'],
  ],
  // A value by name uses up the place it stands at.
  [
    KEYS,
    '/seq/add',
    'ssssi',
    ['k', 'voice1', 'X...', 'gate_frac=0.2', 60],
    ['track k voice1 X... filter 60 gate 0.2'],
  ],
  [KEYS, '/seq/add', 'ssss', ['k', 'voice1', 'X...', 'notes=60'], ['track k voice1 X... notes 261.6']],
  [KEYS, '/seq/add', 'ssss', ['k', 'voice1', 'X...', 'wobble=1'], ['/error E_KEY']],
  [README, '/seq/bpm', 's', ['128'], ['bpm 128']],
  [README, '/seq/swing', 's', ['0.1'], ['swing 0.1']],
  [README, '/seq/status', 'i', [1], ['/seq/status/reply']],
  [README, '/engine/start', 'i', [1], ['asked start']],
  [
    README,
    '/engine/record/start',
    's',
    ['my_take.wav'],
    ['asked record main my_take.wav', '/engine/record/start/reply'],
  ],
  [README, '/engine/record/status', 'i', [1], ['/engine/record/status/reply']],
  [V2, '/test', '', [], ['voice1/osc/type=0', 'voice1/freq=440', 'voice1/amp=0.3', 'gate voice1 on']],
  [V2, '/mod/sine/freq', 'f', [220], ['voice1/freq=220']],
  [V2, '/mod/sine/gain', 'f', [0.25], ['voice1/amp=0.25']],
  [V2, '/mod/filter/cutoff', 'f', [5000], ['voice1/filter/freq=5000']],
  [V2, '/mod/filter/cutoff', 'f', [12000], ['voice1/filter/freq=8000', '/warn E_RANGE']],
  [V2, '/mod/filter/q', 'f', [0.7], ['voice1/filter/q=0.7']],
  [V2, '/mod/filter/mode', 'i', [1], ['voice1/filter/type=2']],
  [V2, '/mod/adsr/attack', 'f', [10], ['voice1/adsr/attack=0.01']],
  [V2, '/mod/adsr/decay', 'f', [100], ['voice1/adsr/decay=0.1']],
  [V2, '/mod/adsr/sustain', 'f', [0.7], ['voice1/adsr/sustain=0.7']],
  [V2, '/mod/adsr/release', 'f', [200], ['voice1/adsr/release=0.2']],
  [V2, '/mod/adsr/release', 'f', [5], ['voice1/adsr/release=0.01', '/warn E_RANGE']],
  [V2, '/gate/adsr', 's', ['on'], ['gate voice1 on']],
  [V2, '/gate/adsr', 's', ['off'], ['gate voice1 off']],
  [V2, '/gate/adsr', 'i', [1], ['gate voice1 on']],
  [V2, '/gate/adsr', 'i', [0], ['gate voice1 off']],
  [V2, '/gate/adsr', 's', ['1'], ['gate voice1 on']],
  [P1, '/engine/freq', 'f', [440], ['voice1/freq=440']],
  [P1, '/engine/freq', 'f', [20000], ['voice1/freq=5000', '/warn E_RANGE']],
  [P1, '/engine/gain', 'f', [0.5], ['voice1/amp=0.5']],
  [V3, '/mod/sine1/frequency', 'f', [330], ['voice1/freq=330']],
  [V3, '/mod/sine1/gain', 'f', [0.2], ['voice1/amp=0.2']],
  [V3, '/mod/filter1/cutoff', 'f', [2000], ['voice1/filter/freq=2000']],
  [V3, '/mod/filter1/resonance', 'f', [1], ['voice1/filter/q=1']],
  [V3, '/mod/filter1/filter_mode', 'i', [1], ['voice1/filter/type=2']],
  // Seconds, as decided: the second generation has this id too.
  [V3, '/mod/adsr1/attack', 'f', [10], ['voice1/adsr/attack=2', '/warn E_RANGE']],
  [V3, '/gate/adsr1', 's', ['off'], ['gate voice1 off']],
  [V3, '/gate/1', 'i', [1], ['gate voice1 on']],
  [V3, '/record/start', '', [], ['asked record main -', '/record/start/reply']],
  [V3, '/record/start', 's', ['takes/one.wav'], ['asked record main takes/one.wav', '/record/start/reply']],
  [V3, '/record/stop', '', [], ['asked end main', '/record/stop/reply']],
  [V3, '/record/status', '', [], ['/record/status/reply']],
  // Modules that only /patch/create makes.
  [V3, '/mod/osc1/freq', 'f', [220], ['/error E_ROUTE']],
  [V3, '/mod/env1/attack', 'f', [5], ['/error E_ROUTE']],
  [V3, '/mod/filt1/cutoff', 'f', [200], ['/error E_ROUTE']],
  [V3, '/gate/env1', 'i', [1], ['/error E_ROUTE']],
  [WIRE, '/mod/voice1', 'i', [1], ['/error E_ROUTE']],
  [WIRE, '/mod/x/', 'i', [1], ['/error E_ROUTE']],
  [WIRE, '/gate', 'i', [1], ['/error E_ROUTE']],
  [WIRE, '/gate/', 'i', [1], ['/error E_ROUTE']],
  [WIRE, '/gate/voice1', '', [], ['/error E_ARGS']],
  [WIRE, '/gate/voice1', 'T', [true], ['gate voice1 on']],
  [WIRE, '/gate/voice1', 'F', [false], ['gate voice1 off']],
  [WIRE, '/gate/voice1', 'N', [null], ['/error E_ARGS']],
  [WIRE, '/gate/voice[12]', 'i', [1], ['gate voice1 on', 'gate voice2 on']],
  [WIRE, '/mod/voice[12]/freq', 'i', [300], ['voice1/freq=300', 'voice2/freq=300']],
  [WIRE, '/mod/voice1/amp', 'T', [true], ['voice1/amp=1']],
  [WIRE, '/mod/voice1/freq', 'h', [330], ['voice1/freq=330']],
  [WIRE, '/mod/voice1/freq', 'd', [330.5], ['voice1/freq=330.5']],
  [WIRE, '/mod/voice1/freq', 's', ['330'], ['voice1/freq=330']],
  [WIRE, '/mod/voice1/freq', '', [], ['/mod/voice1/freq/reply']],
  [WIRE, '/mod/voice1/freq', 'N', [null], ['/mod/voice1/freq/reply']],
  [WIRE, '/mod/voice1/freq', 'fN', [330, null], ['voice1/freq=330']],
  [WIRE, '/seq/*', '', [], ['/error E_WILDCARD']],
  [WIRE, '/*/start', '', [], ['/error E_WILDCARD']],
];

export function documentShapes(): DocumentShape[] {
  return ROWS.map(([from, address, tags, values, leadsTo]) => {
    const bytes = encode(
      address,
      values.map((value, i) => ({ type: tags[i] as string, value })),
    );
    return { from, address, tags, values, leadsTo, base64: Buffer.from(bytes).toString('base64') };
  });
}

/** The file: one shape to the line. */
export function documentsText(): string {
  const lines = documentShapes().map((shape) => `  ${JSON.stringify(shape)}`);
  return `[\n${lines.join(',\n')}\n]\n`;
}
