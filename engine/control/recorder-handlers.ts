import { fail, succeed } from '../shared/outcome.js';
import type { Arg } from './decode.js';
import type { Answer, Handler, RecorderAddress } from './handlers.js';
import type { ControlPorts } from './ports.js';
import { came, plain } from './value.js';

export function recorderHandlers({ recorder }: ControlPorts): Record<RecorderAddress, Handler> {
  return {
    '/record/start': ({ args }) => wordless(args) ?? recorder.start(words(args)),
    '/record/stop': ({ args }) => wordless(args) ?? recorder.stop(words(args)),
    '/record/status': () => succeed(recorder.status()),
  };
}

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
