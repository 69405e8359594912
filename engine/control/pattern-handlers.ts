import { formatSlot } from '../patterns/format.js';
import { succeed, type Outcome } from '../shared/outcome.js';
import type { Answer, Call, Handler, PatternAddress } from './handlers.js';
import type { ControlPorts } from './ports.js';
import { plain } from './value.js';

const AT_ONCE = new Set(['1', 'true', 'immediate', 'now']);

export function patternHandlers(ports: ControlPorts): Record<PatternAddress, Handler> {
  /** A load sees what was saved before it. */
  let saves: Promise<unknown> = Promise.resolve();
  return {
    '/pattern/load': (call) => ({ hold: load(ports, saves, call) }),
    '/pattern/save': (call) => {
      const saved = save(ports, call);
      saves = saved.catch(() => undefined);
      return saved;
    },
    '/pattern/list': () => list(ports),
  };
}

async function load(
  { patterns, session }: ControlPorts,
  saves: Promise<unknown>,
  call: Call,
): Promise<Answer> {
  await saves;
  const slot = Number(call.values[0]);
  const read = await patterns.load(slot);
  if (!read.ok) return read;
  const { document, path, recovered } = read.value;
  const loaded = session.load(document, AT_ONCE.has(String(call.values[1]).toLowerCase()), call.by);
  if (!loaded.ok) return loaded;
  const { at } = loaded.value;
  return succeed(
    { slot, name: document.name ?? null, at, path, recovered, warnings: read.warnings },
    read.warnings,
  );
}

/** The state is taken when this is called, whatever the disk is doing. */
function save({ patterns, session, engine, now }: ControlPorts, call: Call): Promise<Answer> {
  const slot = Number(call.values[0]);
  const name = call.args
    .slice(1)
    .map((arg) => String(arg.value))
    .join(' ')
    .trim();
  const { params, sequencer } = session.snapshot();
  const globalStep = engine.sequencerPosition().step;
  const text = formatSlot({
    ...(name !== '' && { name }),
    params,
    sequencer: { ...sequencer, bpm: plain(sequencer.bpm), globalStep },
    timestamp: now().getTime() / 1000,
  });
  return patterns.save(slot, text);
}

async function list({ patterns }: ControlPorts): Promise<Outcome<unknown>> {
  const listed = await patterns.list();
  return listed.ok ? succeed(listed.value, listed.warnings) : listed;
}
