/** What a message that has been looked up does: a parameter is set, a gate moved, a route taken. Runs on: main thread. */
import { inCore } from '../registry/address.js';
import { checkArgs, checkGate, checkParam, surplus } from './check.js';
import type { Arg } from './decode.js';
import type { Sender } from './dispatch.js';
import type { Handler, Result } from './handlers.js';
import type { Found } from './lookup.js';
import type { recordingParam } from './recorder-handlers.js';
import { also, withWarnings } from './result.js';
import { DEFAULT_VELOCITY, type By, type Session } from './session.js';

export type Act = (found: Found, args: readonly Arg[], by: By, sender: Sender) => Result;

export function actor(
  session: Session,
  recording: ReturnType<typeof recordingParam>,
  routes: Readonly<Record<string, Handler>>,
): Act {
  return (found, args, by, sender) => {
    switch (found.kind) {
      case 'param': {
        const { parameter } = found;
        const value = checkParam(found, args[0] as Arg, session.voices);
        if (!value.ok) return value;
        if (!inCore(parameter)) return recording.set(value.value);
        const warnings = [...value.warnings, ...surplus(args)];
        return withWarnings(session.setParam(parameter.address, value.value, by), warnings);
      }
      case 'gate': {
        const open = checkGate(args[0]);
        if (!open.ok) return open;
        const { index } = found;
        const done =
          found.module === 'acid'
            ? session.acidGate(open.value, by)
            : session.gate(index, open.value, DEFAULT_VELOCITY, session.accentOf(index), by);
        return withWarnings(done, surplus(args));
      }
      case 'route': {
        const checked = checkArgs(found.row, args);
        if (!checked.ok) return checked;
        const handler = routes[found.row.address];
        if (!handler) throw new Error(`no handler for ${found.row.address}`);
        return also(handler({ ...checked.value, by, sender }), checked.warnings);
      }
    }
  };
}
