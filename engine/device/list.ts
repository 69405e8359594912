import { NO_CARD } from './card-reasons.js';
import type { CardDevice } from './card-messages.js';
import { spawnCardProcess } from './card-process.js';

/** Looking for cards takes native code some 100 ms; a sound server that hangs must not hold us. */
const TIME_LIMIT_MS = 10_000;

export interface DeviceList {
  readonly available: boolean;
  /** Where none is available: why, and what to do; one line. */
  readonly reason?: string;
  readonly devices: readonly CardDevice[];
}

/** The sound cards that can play, looked up in a process of its own. Never rejects. */
export async function listDevices(options: { readonly addon?: string } = {}): Promise<DeviceList> {
  let devices: readonly CardDevice[] = [];
  const child = spawnCardProcess({ command: 'list', ...options }, (message) => {
    if (message.kind === 'devices') devices = message.devices;
  });
  const timer = setTimeout(() => child.kill(), TIME_LIMIT_MS);
  child.end();
  const problem = await child.gone;
  clearTimeout(timer);
  if (devices.length > 0) return { available: true, devices };
  return { available: false, reason: problem ?? NO_CARD, devices };
}
