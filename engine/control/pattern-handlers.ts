import { captureSlot } from '../patterns/format.js';
import { readTitle } from '../patterns/slot-title.js';
import { succeed, type Outcome } from '../shared/outcome.js';
import type { Answer, Call, Handler, PatternAddress } from './handlers.js';
import type { ControlPorts } from './ports.js';
import { plain } from './value.js';

const AT_ONCE = new Set(['1', 'true', 'immediate', 'now']);

const isAtOnce = (value: unknown): boolean => AT_ONCE.has(String(value).toLowerCase());

export function patternHandlers(ports: ControlPorts): Record<PatternAddress, Handler> {
  const { patterns } = ports;
  /** What reads the files sees all changes that were sent before it. */
  let changes: Promise<unknown> = Promise.resolve();
  const changing =
    (act: (call: Call) => Promise<Answer>): Handler =>
    (call) => {
      const done = act(call);
      changes = Promise.allSettled([changes, done]);
      return done;
    };
  const slot = (call: Call, arg = 0): number => Number(call.values[arg]);
  return {
    '/pattern/load': (call) => ({ hold: load(ports, changes, call) }),
    '/pattern/undo': (call) => undo(ports, call),
    '/pattern/save': changing((call) => save(ports, call)),
    '/pattern/list': async () => {
      await changes;
      return patterns.list();
    },
    '/pattern/copy': changing((call) => patterns.copy(slot(call), slot(call, 1))),
    '/pattern/name': changing((call) => patterns.rename(slot(call), textOf(call))),
    '/pattern/restore': changing((call) => {
      const backup = call.values[1];
      return patterns.restore(slot(call), typeof backup === 'boolean' ? String(backup) : backup);
    }),
    '/pattern/backups': async (call) => {
      await changes;
      return patterns.backups(slot(call));
    },
    '/pattern/delete': changing((call) => patterns.delete(slot(call))),
  };
}

async function load(
  { patterns, session }: ControlPorts,
  changes: Promise<unknown>,
  call: Call,
): Promise<Answer> {
  await changes;
  const slot = Number(call.values[0]);
  const read = await patterns.load(slot);
  if (!read.ok) return read;
  const { document, path, recovered } = read.value;
  const loaded = session.load(document, isAtOnce(call.values[1]), call.by);
  if (!loaded.ok) return loaded;
  const { at } = loaded.value;
  return succeed(
    { slot, name: document.name ?? null, at, path, recovered, warnings: read.warnings },
    read.warnings,
  );
}

/** Holds the messages behind it where it is not known at once which state they meet. */
function undo(ports: ControlPorts, { values, by }: Call): Answer | { readonly hold: Promise<Answer> } {
  const atOnce = isAtOnce(values[0]);
  const done = ports.session.undo(atOnce, by);
  if (!done.ok || done.value.at !== 'dropped') return done;
  return { hold: dropped(ports, atOnce, by) };
}

/** The bar may have come while the word was on its way; then there is a load to take back after all. */
async function dropped({ session, engine }: ControlPorts, atOnce: boolean, by: Call['by']): Promise<Answer> {
  await engine.applied();
  return session.settleDrop() ? succeed({ at: 'dropped' }) : session.undo(atOnce, by);
}

/** The text behind the slot number. */
function textOf({ args }: Call): string {
  return args
    .slice(1)
    .map((arg) => String(arg.value ?? ''))
    .join(' ')
    .trim();
}

/** The state is taken when this is called, whatever the disk is doing. */
async function save({ patterns, session, engine, now }: ControlPorts, call: Call): Promise<Answer> {
  const { name, warnings } = readTitle(textOf(call), 'name');
  const { values, sequencer } = session.capture();
  const globalStep = engine.sequencerPosition().step;
  const timestamp = now().getTime() / 1000;
  const format = captureSlot({
    ...{ values, timestamp },
    sequencer: { ...sequencer, bpm: plain(sequencer.bpm), globalStep },
  });
  const saved: Outcome<object> = await patterns.save(
    Number(call.values[0]),
    name === undefined ? format : format(name),
  );
  return saved.ok ? succeed(saved.value, [...warnings, ...saved.warnings]) : saved;
}
