/** Values -> bytes of one OSC message. */
import { writeArguments, writeText, type Arg } from './arguments.js';

export function encode(address: string, args: readonly Arg[]): Uint8Array {
  return Buffer.concat([writeText(address), writeArguments(args)]);
}

export const text = (value: string): Arg => ({ type: 's', value });
export const int = (value: number): Arg => ({ type: 'i', value });
export const float = (value: number): Arg => ({ type: 'f', value });
