/** Finds denormal numbers in the state of a core. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PARAM_NAMES } from '../../engine/registry/address.js';
import { MODULES } from '../../engine/registry/modules.js';
import { HEADER_BYTES, type Rig } from '../helpers/core.js';
import { ROOT } from '../helpers/root.js';

const BUSES = ['distortion', 'reverb', 'delay', 'limiter', 'acid'];

/** The fields of a kernel's class as its source names them, with their types. */
export function fieldsOf(type: string, file: string): { readonly name: string; readonly type: string }[] {
  const source = readFileSync(join(ROOT, 'modules', type, file), 'utf8');
  const body = source.split(new RegExp(`class ${type}\\b`, 'i'))[1]?.split('\n}', 1)[0] ?? '';
  return [...body.matchAll(/^ {2}(\w+): (\w+);$/gm)].map(([, name, kind]) => ({
    name: name ?? '',
    type: kind ?? '',
  }));
}

/** Names of the words of a bus kernel's class; those of numbers that are no f32 have a type behind. */
function wordsOf(type: string): string[] {
  const words: string[] = [];
  const apart = existsSync(join(ROOT, 'modules', type, 'kernel-state.ts'));
  for (const field of fieldsOf(type, apart ? 'kernel-state.ts' : 'kernel.ts')) {
    const wide = /64/.test(field.type);
    if (wide && words.length % 2) words.push('gap: none');
    const name = field.type === 'f32' ? field.name : `${field.name}: ${field.type}`;
    words.push(name, ...(wide ? [name] : []));
  }
  return words;
}

const isDenormal = (x: number): boolean => x !== 0 && Math.abs(x) < 1.1754943508222875e-38;

/**
 * Where there are denormals. Whole numbers look like them and are none: by their types in the kernels' classes, and behind
 * those (places and sizes of rings) by being what they are in `still`, a core that has not sounded.
 */
export function denormals(rig: Rig, still: Rig): string[] {
  const found: string[] = [];
  const fields = fieldsOf('voice', 'state.lane.ts');
  const lanes = rig.host.exports.lanes();
  const floats = new Float32Array(rig.host.memory.buffer);
  const { address, bytes, stride } = rig.region('voice');
  const params = HEADER_BYTES / 4 + 4 * lanes * (PARAM_NAMES[0] as readonly string[]).length;
  for (let group = address / 4; group < (address + bytes) / 4; group += stride / 4)
    for (let i = HEADER_BYTES / 4; i < stride / 4; i++) {
      const field = i < params ? undefined : fields[Math.floor((i - params) / lanes)];
      if (field?.type !== 'word' && isDenormal(floats[group + i]!))
        found.push(`voice: word ${i} (${field?.name ?? ''})`);
    }
  for (const name of BUSES) {
    const mine = rig.region(name);
    const words = new Int32Array(rig.host.memory.buffer, mine.address, mine.bytes / 4);
    const others = new Int32Array(still.host.memory.buffer, still.region(name).address, mine.bytes / 4);
    const type = MODULES.findIndex((table) => table.type === name);
    const state = HEADER_BYTES / 4 + 4 * (PARAM_NAMES[type] as readonly string[]).length;
    const names = wordsOf(name);
    for (let i = HEADER_BYTES / 4; i < words.length; i++) {
      const field = names[i - state] ?? '';
      if (isDenormal(floats[mine.address / 4 + i]!) && words[i] !== others[i] && !field.includes(':'))
        found.push(`${name}: word ${i} (${field}) = ${words[i]}`);
    }
  }
  return found;
}
