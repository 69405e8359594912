/**
 * What a modulator may move. Only rows with `modulation` can be a target, and no parameter of a modulator has one:
 * chains and cycles cannot be built.
 */
import { exists, findPath, parameterAt, type Parameter } from './address.js';
import { MODULES } from './modules.js';

export const NO_TARGET = 'none';

/** The code of a target text, or why it cannot be one and what can. */
export function targetCode(
  text: string,
  voices: number,
): number | { readonly why: string; readonly allowed: string } {
  const path = text.trim().replace(/^\/?mod\//, '');
  if (path === NO_TARGET || path === '0' || path === '') return 0;
  const parameter = findPath(path);
  if (!parameter) return { why: 'no such parameter', allowed: allowed(voices) };
  if (!exists(parameter, voices))
    return { why: `this engine has ${voices} voices`, allowed: allowed(voices) };
  if (!parameter.row.modulation) return { why: whyNot(parameter), allowed: allowed(voices) };
  return 1 + parameter.address;
}

/** The code as text; what is no target of this engine reads 'none'. */
export function targetText(code: number): string {
  return (code > 0 ? parameterAt(code - 1)?.path : undefined) ?? NO_TARGET;
}

/** True for 0 and for the code of a parameter that can be modulated in an engine with that many voices. */
export function isTarget(code: number, voices: number): boolean {
  if (code === 0) return true;
  if (!Number.isInteger(code) || code < 0) return false;
  const parameter = parameterAt(code - 1);
  return parameter?.row.modulation !== undefined && exists(parameter, voices);
}

function whyNot(parameter: Parameter): string {
  return MODULES[parameter.type]?.level === 'control'
    ? 'a modulator cannot move a modulator, so that no cycle can arise'
    : 'this parameter cannot be modulated';
}

function allowed(voices: number): string {
  const names = MODULES.flatMap((table) => {
    const free = Object.entries(table.params).flatMap(([name, row]) => (row.modulation ? [name] : []));
    const last = table.instances === 'voices' ? voices : table.instances;
    const id = last === 1 ? `${table.idPrefix}1` : `${table.idPrefix}1..${last}`;
    return free.length > 0 ? [`${id}/{${free.join(',')}}`] : [];
  });
  return `${NO_TARGET}, ${names.join(', ')}`;
}
