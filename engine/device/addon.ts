/**
 * The native part of naudiodon alone. Its index.js would install a handler for segmentation faults, and that replaces
 * the one WASM needs. Loaded only in a process of its own; nothing else in the engine imports this file.
 */
import { createRequire } from 'node:module';
import type { CardDevice } from './card-messages.js';
import { addonReason, NO_CARD } from './card-reasons.js';

export interface NativeStream {
  start(): void;
  /** Resolves when the chunk is queued; with a text when the card reported something, an underflow above all. */
  write(chunk: Buffer): Promise<string | undefined>;
  /** 'WAIT' plays what is queued. Never returns when the stream was not started. */
  quit(how: 'WAIT' | 'ABORT'): Promise<void>;
}

interface NativeDevice {
  readonly id: number;
  readonly name: string;
  readonly hostAPIName: string;
  readonly maxOutputChannels: number;
  readonly defaultSampleRate: number;
}

export interface NativeAddon {
  getDevices(): readonly NativeDevice[];
  create(options: { readonly outOptions: Readonly<Record<string, number | boolean>> }): NativeStream;
}

const FILE = 'naudiodon/build/Release/naudiodon.node';
/** PortAudio's number for 32-bit float samples. */
export const SAMPLE_FORMAT_F32 = 1;

/** Throws an Error whose message is one line that says the mend. */
export function loadAddon(file = FILE): NativeAddon {
  try {
    return createRequire(import.meta.url)(file) as NativeAddon;
  } catch (error) {
    throw new Error(addonReason(error instanceof Error ? error : new Error(String(error))));
  }
}

/** Cards that can play. */
export function outputDevices(addon: NativeAddon): CardDevice[] {
  return addon
    .getDevices()
    .filter((device) => device.maxOutputChannels > 0)
    .map(({ id, name, hostAPIName, maxOutputChannels, defaultSampleRate }) => ({
      id,
      name,
      hostApi: hostAPIName,
      outputs: maxOutputChannels,
      defaultRate: defaultSampleRate,
    }));
}

/**
 * The number PortAudio knows a device by: `default` (undefined: let it choose), a number, a whole name, or a part of
 * one name. Throws an Error that names the devices there are.
 */
export function chooseDevice(devices: readonly CardDevice[], wanted: string): number | undefined {
  if (devices.length === 0) throw new Error(NO_CARD);
  if (wanted === 'default') return undefined;
  const text = wanted.toLowerCase();
  const byNumber = devices.find((device) => String(device.id) === wanted);
  const byName = devices.find((device) => device.name.toLowerCase() === text);
  const found = byNumber ?? byName ?? devices.find((device) => device.name.toLowerCase().includes(text));
  if (found) return found.id;
  const names = devices.map((device) => `${device.id} ${device.name}`).join(', ');
  throw new Error(
    `no sound card matches '${wanted}'; there are: default, ${names}. Send one of these to --device.`,
  );
}
