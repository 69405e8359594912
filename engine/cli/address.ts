/** Addresses as people type them: `voice1/freq` is `/mod/voice1/freq`. Pure. */
import { ROUTES } from '../registry/routes.js';

const FAMILIES = new Set(['mod', 'gate', ...ROUTES.map(({ address }) => address.split('/')[1])]);

/** With a slash at its front an address is taken as it is; `seq/bpm` gets that slash, everything else gets /mod. */
export function fullAddress(typed: string): string {
  if (typed.startsWith('/')) return typed;
  return FAMILIES.has(typed.split('/')[0]) ? `/${typed}` : `/mod/${typed}`;
}

/** `voice3`, `3`, `/gate/voice3`, `acid1`. */
export function gateAddress(typed: string): string {
  const id = typed.replace(/^\/?(gate\/)?/, '');
  return `/gate/${/^\d+$/.test(id) ? `voice${id}` : id}`;
}
