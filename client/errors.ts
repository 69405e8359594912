/** What goes wrong, as something that can be thrown: every field says one thing, `message` says it all in one line. */
import type { Arg, Message } from '../engine/control/decode.js';
import { describeProblem, fail, succeed, type Outcome, type Problem } from '../engine/shared/outcome.js';

/** A refusal of the engine, or no engine: `code` is for programs and never changes, the rest is for people. */
export class ChronusError extends Error implements Problem {
  override readonly name = 'ChronusError';
  /** `E_...` */
  readonly code: string;
  /** The address that was refused; empty where it could not be read. */
  readonly address: string;
  /** What came. */
  readonly got: string;
  /** What would have been taken. */
  readonly allowed: string;
  /** Names that look like the one that came, best first. */
  readonly nearest: readonly string[];
  /** What to do now. */
  readonly mend: string;

  constructor(problem: Problem, address = problem.where ?? '') {
    super(describeProblem(address === '' ? problem : { ...problem, where: address }));
    this.code = problem.code;
    this.address = address;
    this.got = problem.got;
    this.allowed = problem.allowed;
    this.nearest = problem.nearest ?? [];
    this.mend = problem.mend;
  }
}

export function textAt(args: readonly Arg[], place: number): string {
  return String(args[place]?.value ?? '');
}

/** The address an /error or /warn speaks of. */
export function about({ address, args }: Message): string {
  return textAt(args, address === '/error' ? 1 : 0);
}

/** /error: code, address, what came, what is allowed, nearest names, the mend. */
export function problemOf({ args }: Message): Problem {
  const [code, where, got, allowed, nearest, mend] = Array.from({ length: 6 }, (_, i) => textAt(args, i)) as [
    ...[string, string, string, string, string, string],
  ];
  const near = nearest === '' ? {} : { nearest: nearest.split(', ') };
  return { code, ...(where === '' ? {} : { where }), got, allowed, ...near, mend };
}

/** The JSON document of an answer. */
export function readDocument(text: string, warnings: readonly string[]): Outcome<unknown> {
  try {
    return succeed(JSON.parse(text) as unknown, warnings);
  } catch {
    return fail({
      code: 'E_ANSWER',
      got: `an answer that is no JSON: '${text.slice(0, 60)}'`,
      allowed: 'a JSON document',
      mend: 'Is another program on the port of the engine? `chronus start --osc-port 0` takes a free one.',
    });
  }
}
