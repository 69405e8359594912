/** Values -> bytes of one OSC message. */
import osc from 'osc/src/osc.js';
import type { Arg } from './decode.js';

const TWO_32 = 4_294_967_296;

export function encode(address: string, args: readonly Arg[]): Uint8Array {
  return osc.writePacket({ address, args: args.map(wire) }, { metadata: true });
}

export const text = (value: string): Arg => ({ type: 's', value });
export const int = (value: number): Arg => ({ type: 'i', value });
export const float = (value: number): Arg => ({ type: 'f', value });

type Wire = Parameters<typeof osc.writePacket>[0]['args'][number];

function wire(arg: Arg): Wire {
  if (arg.type === '[') return (arg.value as readonly Arg[]).map((inner) => wire(inner) as Arg);
  if (arg.type === 'h') {
    const value = Number(arg.value);
    return { type: 'h', value: { high: Math.floor(value / TWO_32) | 0, low: (value % TWO_32) | 0 } };
  }
  return arg.type === 't' ? { type: 't', value: { native: arg.value } } : arg;
}
