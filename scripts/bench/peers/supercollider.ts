/** scsynth in non-real-time mode. Synth definitions and score are written here: its language is not needed. */
import { writeFileSync } from 'node:fs';
import { isThere } from './measure.js';
import {
  ampOf,
  CEILING,
  DELAY,
  ENVELOPE,
  FILTER,
  HELD,
  PERIOD,
  pitchOf,
  RATE,
  REVERB,
  SENDS,
  type Peer,
} from './patch.js';
import { AUDIO, CONTROL, definition, product, type Unit } from './synth-definition.js';

/** Its saw is half as high as the others'. */
const SAW = 2;
const DRY = 16;
const TO_REVERB = 17;
const TO_DELAY = 18;

export const supercollider: Peer = {
  name: 'scsynth',
  doc: 'Saw, RLPF with coefficients at control rate (64 frames), Linen; mono voices; FreeVerb, CombL, Limiter',
  missing: () => (isThere('scsynth', '-v') ? undefined : 'no scsynth (Debian: supercollider-server)'),
  prepare({ voices, seconds }, folder, out) {
    const path = `${folder}/patch-${voices}-${seconds}.osc`;
    const start = [
      message('/d_recv', voiceDefinition(SAW * ampOf(voices))),
      message('/d_recv', effectsDefinition()),
      message('/s_new', 'effects', 1000, 1, 0),
      ...Array.from({ length: voices }, (_, v) =>
        message('/s_new', 'voice', 2000 + v, 0, 0, 'freq', { float: pitchOf(v) }),
      ),
    ];
    writeFileSync(path, Buffer.concat([bundle(0, start), bundle(seconds, [message('/c_set', 0, 0)])]));
    return [
      'scsynth',
      '-N',
      path,
      '_',
      out,
      String(RATE),
      'WAV',
      'int24',
      '-o',
      '2',
      '-n',
      '2048',
      '-m',
      '65536',
    ];
  },
};

function voiceDefinition(amp: number): Buffer {
  const units: Unit[] = [
    { name: 'Control', rate: CONTROL, inputs: [], outputs: 1 },
    { name: 'Saw', rate: AUDIO, inputs: [{ unit: 0 }] },
    { name: 'RLPF', rate: AUDIO, inputs: [{ unit: 1 }, FILTER.hz, 1 / FILTER.q] },
    { name: 'LFPulse', rate: CONTROL, inputs: [1 / PERIOD, 0, HELD / PERIOD] },
    {
      name: 'Linen',
      rate: CONTROL,
      inputs: [{ unit: 3 }, ENVELOPE.attack, amp * ENVELOPE.sustain, ENVELOPE.release, 0],
    },
    product(AUDIO, { unit: 2 }, { unit: 4 }),
    { name: 'Out', rate: AUDIO, inputs: [DRY, { unit: 5 }], outputs: 0 },
    product(AUDIO, { unit: 5 }, SENDS.reverb),
    { name: 'Out', rate: AUDIO, inputs: [TO_REVERB, { unit: 7 }], outputs: 0 },
    product(AUDIO, { unit: 5 }, SENDS.delay),
    { name: 'Out', rate: AUDIO, inputs: [TO_DELAY, { unit: 9 }], outputs: 0 },
  ];
  return definition('voice', [['freq', 440]], units);
}

function effectsDefinition(): Buffer {
  // CombL is told how long 60 dB take.
  const decay = (-3 * DELAY.seconds) / Math.log10(DELAY.feedback);
  const units: Unit[] = [
    { name: 'In', rate: AUDIO, inputs: [DRY] },
    { name: 'In', rate: AUDIO, inputs: [TO_REVERB] },
    { name: 'In', rate: AUDIO, inputs: [TO_DELAY] },
    {
      name: 'FreeVerb2',
      rate: AUDIO,
      inputs: [{ unit: 1 }, { unit: 1 }, 1, REVERB.room, REVERB.damp],
      outputs: 2,
    },
    { name: 'CombL', rate: AUDIO, inputs: [{ unit: 2 }, 1, DELAY.seconds, decay] },
    sum({ unit: 0 }, { unit: 4 }),
    sum({ unit: 5 }, { unit: 3 }),
    sum({ unit: 5 }, { unit: 3, output: 1 }),
    { name: 'Limiter', rate: AUDIO, inputs: [{ unit: 6 }, CEILING, 0.005] },
    { name: 'Limiter', rate: AUDIO, inputs: [{ unit: 7 }, CEILING, 0.005] },
    { name: 'Out', rate: AUDIO, inputs: [0, { unit: 8 }, { unit: 9 }], outputs: 0 },
  ];
  return definition('effects', [], units);
}

function sum(a: Unit['inputs'][number], b: Unit['inputs'][number]): Unit {
  return { name: 'BinaryOpUGen', rate: AUDIO, inputs: [a, b], special: 0 };
}

type Arg = string | number | Buffer | { readonly float: number };

function message(address: string, ...args: readonly Arg[]): Buffer {
  const tags = args.map((arg) =>
    typeof arg === 'string' ? 's' : typeof arg === 'number' ? 'i' : Buffer.isBuffer(arg) ? 'b' : 'f',
  );
  return Buffer.concat([padded(address), padded(`,${tags.join('')}`), ...args.map(argument)]);
}

function argument(arg: Arg): Buffer {
  if (typeof arg === 'string') return padded(arg);
  const four = Buffer.alloc(4);
  if (Buffer.isBuffer(arg)) {
    four.writeInt32BE(arg.length);
    return Buffer.concat([four, arg, Buffer.alloc((4 - (arg.length % 4)) % 4)]);
  }
  if (typeof arg === 'number') four.writeInt32BE(arg);
  else four.writeFloatBE(arg.float);
  return four;
}

/** OSC text: ends in at least one zero, on a multiple of four. */
function padded(text: string): Buffer {
  return Buffer.concat([Buffer.from(text), Buffer.alloc(4 - (text.length % 4))]);
}

/** With its length before it, as scores have them; the time from the start. */
function bundle(seconds: number, messages: readonly Buffer[]): Buffer {
  const head = Buffer.alloc(16);
  head.write('#bundle\0');
  head.writeUInt32BE(Math.floor(seconds), 8);
  head.writeUInt32BE(Math.round((seconds % 1) * 2 ** 32) >>> 0, 12);
  const parts = messages.flatMap((each) => [lengthOf(each), each]);
  const whole = Buffer.concat([head, ...parts]);
  return Buffer.concat([lengthOf(whole), whole]);
}

function lengthOf(bytes: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(bytes.length);
  return length;
}
