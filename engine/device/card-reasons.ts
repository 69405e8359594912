/** Why there is no sound from a card, each as one line that says the mend. */

const OTHERWISE = 'Everything else works without one: --device null, recordings, rendering.';

export const NO_CARD = `no sound card with an output was found: plug one in or start its driver. ${OTHERWISE}`;

/** For an error met while the native addon was loaded. */
export function addonReason(error: Error & { readonly code?: string }): string {
  if (error.code === 'MODULE_NOT_FOUND') {
    return `sound cards need the optional package naudiodon, which is not installed: npm install naudiodon. ${OTHERWISE}`;
  }
  const library = /(lib[\w.+-]+): cannot open shared object/.exec(error.message)?.[1];
  if (library !== undefined) {
    const hint = library.startsWith('libasound') ? ' (Debian, Ubuntu: apt-get install libasound2)' : '';
    return `sound cards need the system library ${library}, which is missing: install it${hint}. ${OTHERWISE}`;
  }
  return `naudiodon cannot be loaded on this machine: ${error.message.split('\n')[0]}. ${OTHERWISE}`;
}
