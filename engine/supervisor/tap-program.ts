/** A program with its sound taken at another place than the master. */
import { fail, succeed, type Outcome } from '../shared/outcome.js';
import { findTap, noTaps } from '../shared/tap-names.js';
import { givesTaps } from '../slot/core-taps.js';
import type { Program } from './program.js';

/**
 * `name`: as it was typed; undefined: the master. Errors: those of `program`, E_TAP for a place it does not have, and
 * where the core of a run is older than taps.
 */
export function tapProgram(program: Outcome<Program>, name: unknown): Outcome<Program> {
  if (!program.ok || name === undefined) return program;
  const tap = findTap(String(name), program.value.voices);
  if (!tap.ok) return tap;
  if (tap.value === 'master') return program;
  const { core } = program.value;
  if (core && !givesTaps(new WebAssembly.Module(core))) return fail(noTaps(tap.value));
  return succeed({ ...program.value, tap: tap.value }, program.warnings);
}
