import { succeed } from '../shared/outcome.js';
import type { Arg } from './decode.js';
import type { Answer, Handler, RecorderAddress } from './handlers.js';
import type { ControlPorts } from './ports.js';
import { plain } from './value.js';

export function recorderHandlers({ recorder }: ControlPorts): Record<RecorderAddress, Handler> {
  return {
    '/record/start': ({ args }) => recorder.start(words(args)),
    '/record/stop': ({ args }) => recorder.stop(words(args)),
    '/record/status': () => succeed(recorder.status()),
  };
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
