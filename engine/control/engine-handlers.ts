import { schema } from '../registry/schema.js';
import { succeed } from '../shared/outcome.js';
import type { Answer, EngineAddress, Handler, Ledger } from './handlers.js';
import type { ControlPorts } from './ports.js';
import { stamp } from './stamp.js';
import { plain } from './value.js';

export function engineHandlers(ports: ControlPorts, ledger: Ledger): Record<EngineAddress, Handler> {
  const { engine, session, recorder } = ports;
  return {
    '/engine/start': () => engine.start(),
    '/engine/stop': async ({ by }) => {
      const stopped = session.transport(false, { source: by.source });
      // It decides the last frame of every take when it is called, so the sound may go off right behind it.
      const ended = recorder.status().recording ? recorder.stop(['all']) : undefined;
      const off = await engine.stop();
      const takes = await ended;
      return [stopped, takes, off].find((outcome) => outcome?.ok === false) ?? off;
    },
    '/engine/status': () => {
      const { sequencer } = session.capture();
      const { step } = engine.sequencerPosition();
      const { bpm, swing, running, tracks } = sequencer;
      const state = { bpm: plain(bpm), swing: plain(swing), running, step, tracks: tracks.length };
      const { voices, loadPending } = session;
      return succeed({
        ...engine.status(),
        voices,
        sequencer: { ...state, load_pending: loadPending },
        recorder: recorder.status(),
        control: ledger.counters(),
      });
    },
    '/engine/list': () => succeed(list(session.snapshot().params)),
    '/engine/schema': ({ values }) => describe(ports, ledger, values[0] === 'file'),
    '/engine/panic': ({ by }) => session.panic(by),
  };
}

/** Module id -> parameter -> value. */
function list(params: ReadonlyMap<string, number | string>): Record<string, Record<string, number | string>> {
  const modules: Record<string, Record<string, number | string>> = {};
  for (const [path, value] of params) {
    const slash = path.indexOf('/');
    const module = (modules[path.slice(0, slash)] ??= {});
    module[path.slice(slash + 1)] = typeof value === 'number' ? plain(value) : value;
  }
  return modules;
}

function describe(ports: ControlPorts, ledger: Ledger, toFile: boolean): Answer | Promise<Answer> {
  const unknown = ledger.unknownRoutes();
  const document = {
    ...schema(ports.session.voices),
    ...(unknown.length > 0 && { unknown_routes: unknown, warning: 'These addresses came and do not exist.' }),
  };
  if (!toFile) return succeed(document);
  const name = `chronus_schema_${stamp(ports.now())}.json`;
  return writeSchema(ports, name, `${JSON.stringify(document, null, 2)}\n`);
}

async function writeSchema(ports: ControlPorts, name: string, text: string): Promise<Answer> {
  const written = await ports.home.writeNew(name, text);
  return written.ok ? succeed({ path: written.value }, written.warnings) : written;
}
