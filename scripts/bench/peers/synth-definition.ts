/** The file format of synth definitions, version 2, as its documentation describes it: what scsynth is told to build. */

export const CONTROL = 1;
export const AUDIO = 2;

/** A number, or what another unit gives. */
export type Input = number | { readonly unit: number; readonly output?: number };

export interface Unit {
  readonly name: string;
  readonly rate: typeof CONTROL | typeof AUDIO;
  readonly inputs: readonly Input[];
  /** Default 1. */
  readonly outputs?: number;
  /** Which operator, of units that are one. */
  readonly special?: number;
}

const TIMES = 2;

export function product(rate: Unit['rate'], a: Input, b: Input): Unit {
  return { name: 'BinaryOpUGen', rate, inputs: [a, b], special: TIMES };
}

/** A file with one definition. */
export function definition(
  name: string,
  parameters: readonly (readonly [name: string, value: number])[],
  units: readonly Unit[],
): Buffer {
  const constants = [
    ...new Set(units.flatMap(({ inputs }) => inputs.filter((each) => typeof each === 'number'))),
  ];
  return Buffer.concat([
    Buffer.from('SCgf'),
    int32(2),
    int16(1),
    word(name),
    int32(constants.length),
    ...constants.map(float32),
    int32(parameters.length),
    ...parameters.map(([, value]) => float32(value)),
    int32(parameters.length),
    ...parameters.flatMap(([each], i) => [word(each), int32(i)]),
    int32(units.length),
    ...units.flatMap((unit) => encodeUnit(unit, constants)),
    int16(0),
  ]);
}

function encodeUnit(
  { name, rate, inputs, outputs = 1, special = 0 }: Unit,
  constants: readonly number[],
): Buffer[] {
  return [
    word(name),
    Buffer.from([rate]),
    int32(inputs.length),
    int32(outputs),
    int16(special),
    ...inputs.flatMap((input) =>
      typeof input === 'number'
        ? [int32(-1), int32(constants.indexOf(input))]
        : [int32(input.unit), int32(input.output ?? 0)],
    ),
    Buffer.alloc(outputs, rate),
  ];
}

function word(text: string): Buffer {
  return Buffer.from([text.length, ...Buffer.from(text)]);
}
function int32(x: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(x);
  return bytes;
}
function int16(x: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(x);
  return bytes;
}
function float32(x: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatBE(x);
  return bytes;
}
