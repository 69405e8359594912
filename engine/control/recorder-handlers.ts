import { fail, succeed } from '../shared/outcome.js';
import type { Arg } from './decode.js';
import { RECORD_VERBS } from '../../modules/recorder/table.js';
import type { Answer, Handler, RecorderAddress, Result } from './handlers.js';
import type { ControlPorts } from './ports.js';
import { came, plain } from './value.js';

export function recorderHandlers({ recorder }: ControlPorts): Record<RecorderAddress, Handler> {
  const verbs: Record<RecordVerb, (words: readonly (string | number)[]) => Result> = {
    start: (given) => recorder.start(given),
    stop: (given) => recorder.stop(given),
    keep: (given) => recorder.keep(given),
    mark: (given) => recorder.cue(given),
    status: ([id]) => succeed(recorder.status(id === undefined ? undefined : String(id))),
    list: () => recorder.list(),
  };
  const handle =
    (verb: RecordVerb): Handler =>
    ({ args }) =>
      wordless(args) ?? verbs[verb](words(args));
  return {
    '/record': ({ args: [first, ...args] }) => {
      const verb = RECORD_VERBS.find((each) => each === String(first?.value).toLowerCase());
      return verb === undefined ? fail(noVerb(first)) : (wordless(args) ?? verbs[verb](words(args)));
    },
    '/record/start': handle('start'),
    '/record/stop': handle('stop'),
    '/record/keep': handle('keep'),
    '/record/mark': handle('mark'),
    '/record/status': handle('status'),
    '/record/list': handle('list'),
  };
}

function noVerb(first: Arg | undefined) {
  const allowed = RECORD_VERBS.join(', ');
  const mend = 'Send one of these as the first word. Nothing was started or stopped.';
  return { code: 'E_TEXT', where: 'verb', got: first ? came(first) : 'nothing', allowed, mend };
}

type RecordVerb = (typeof RECORD_VERBS)[number];

/** The problem with the first argument that is neither a text nor a finite number. */
function wordless(args: readonly Arg[]): Answer | undefined {
  const odd = args.find(
    ({ type, value }) => type !== 'N' && !(typeof value === 'string' || Number.isFinite(value)),
  );
  if (!odd) return undefined;
  const mend = 'Nothing was started or stopped. Send names and settings as texts.';
  return fail({ code: 'E_TEXT', got: came(odd), allowed: 'texts and numbers', mend });
}

function words(args: readonly Arg[]): (string | number)[] {
  return args.filter(({ type }) => type !== 'N').map(word);
}

function word({ type, value }: Arg): string | number {
  return typeof value === 'number' ? (type === 'f' ? plain(value) : value) : String(value);
}

/** `rec1/recording`: the take with the id main, as a parameter. */
export function recordingParam({ recorder }: Pick<ControlPorts, 'recorder'>) {
  return {
    get: (): number => Number(recorder.status().recording),
    set: (value: number): Promise<Answer> => (value > 0 ? recorder.start([]) : recorder.stop([])),
  };
}
