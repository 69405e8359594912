import type { DeviceList } from '../device/list.js';

/** Sound cards for people, one per line. Pure. */
export function devicesView({ available, reason, devices }: DeviceList, inUse: string | null): string {
  const cards = devices.map(
    ({ id, name, outputs }) => `${String(id).padStart(3)}  ${name} (${outputs} outputs)`,
  );
  const none = `No sound card: ${reason ?? 'none was found'}\nPlay without one: chronus start --device null, or file:out.wav`;
  const now = inUse === null ? [] : [`The engine of this home plays on: ${inUse}`];
  return [...(available ? cards : [none]), ...now].join('\n');
}
