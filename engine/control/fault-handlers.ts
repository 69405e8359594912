/** Bypassing modules, faults on purpose, and who is told of faults. */
import { unitName, unitOf } from '../registry/units.js';
import { fail, show, succeed, type Outcome } from '../shared/outcome.js';
import type { ChaosFault } from '../shared/command.js';
import { nearest } from '../shared/nearest.js';
import { instanceIds, MODULES } from '../registry/modules.js';
import type { Answer, Call, FaultAddress, Handler } from './handlers.js';
import type { ControlPorts, SlotFaultName } from './ports.js';
import type { Subscribers } from './subscribers.js';

const DEFAULT_STALL_MS = 50;

export function faultHandlers(ports: ControlPorts, subscribers: Subscribers): Record<FaultAddress, Handler> {
  const slotFault =
    (fault: SlotFaultName): Handler =>
    ({ values: [slot, block] }) =>
      ports.engine.fault({ fault, slot: String(slot), ...optional('block', block) });
  return {
    '/engine/bypass': (call) => bypass(ports, call),
    '/chaos/throw': slotFault('throw'),
    '/chaos/hang': slotFault('hang'),
    '/chaos/exit': slotFault('exit'),
    '/chaos/oom': slotFault('oom'),
    '/chaos/terminate': slotFault('terminate'),
    '/chaos/stall': ({ values: [ms, slot, block] }) =>
      ports.engine.fault({
        fault: 'stall',
        ms: Number(ms ?? DEFAULT_STALL_MS),
        slot: String(slot),
        ...optional('block', block),
      }),
    '/chaos/trap': (call) => trap(ports, call),
    '/chaos/nan': ({ values: [voice], by }) => {
      const { session, engine } = ports;
      if (Number(voice) > session.voices) {
        const allowed = `1..${session.voices}`;
        return fail({ code: 'E_VOICE', got: `voice ${Number(voice)}`, allowed, mend: 'Nothing was done.' });
      }
      return engine.mayFail() ?? session.chaos('nan', Number(voice) - 1, by);
    },
    '/chaos/poison': ({ by }) => ports.engine.mayFail() ?? ports.session.chaos('poison', 0, by),
    '/subscribe': ({ values: [pattern, seconds], sender }) =>
      subscribers.add(sender, String(pattern), Number(seconds)),
    '/unsubscribe': ({ values: [pattern], sender }) =>
      succeed({ ended: subscribers.remove(sender.key, pattern === undefined ? undefined : String(pattern)) }),
  };
}

function optional<K extends string>(key: K, value: unknown): { readonly [P in K]?: number } {
  return (value === undefined ? {} : { [key]: Number(value) }) as { readonly [P in K]?: number };
}

function bypass({ session, engine }: ControlPorts, { values: [id, wanted], by }: Call): Answer {
  const unit = findUnit(String(id), session.voices);
  if (!unit.ok) return unit;
  const { number, name } = unit.value;
  const state = engine.unit(number);
  if (wanted === undefined) return succeed({ module: name, ...state });
  const on = wanted === true;
  if (!on && state.bypassed && state.stays) {
    return fail({
      code: 'E_BYPASSED',
      got: `${name}, which has failed ${state.strikes} times`,
      allowed: 'modules that have failed once',
      mend: 'It stays bypassed, so that the music goes on. Start the engine again to have it back, and please report it.',
    });
  }
  const done = session.bypass(number, on, { source: by.source });
  if (!done.ok) return done;
  return succeed({ module: name, bypassed: on, strikes: state.strikes, stays: state.stays });
}

function trap({ session, engine }: ControlPorts, { values: [id, how], by }: Call): Answer {
  const unit = findUnit(String(id), session.voices);
  if (!unit.ok) return unit;
  const faults: Readonly<Record<string, ChaosFault>> = { once: 'trap', always: 'trapAlways', hang: 'hang' };
  return engine.mayFail() ?? session.chaos(faults[String(how)] ?? 'trap', unit.value.number, by);
}

function findUnit(id: string, voices: number): Outcome<{ readonly number: number; readonly name: string }> {
  const number = unitOf(id, voices);
  const name = number === undefined ? undefined : unitName(number, voices);
  if (number !== undefined && name !== undefined) return succeed({ number, name });
  const ids = MODULES.filter(({ level }) => level !== 'service').flatMap((table) =>
    instanceIds(table, voices),
  );
  return fail({
    code: 'E_MODULE',
    got: show(id),
    allowed: 'a module: voice1, acid1, dist1, reverb1, delay1, limiter1, lfo1, meter1',
    nearest: nearest(id, ids),
    mend: 'Nothing was changed. /engine/schema names them all.',
  });
}
