/** Which requirement is held by what, and what is wrong. Pure. */
import type { Holder, Requirement, Sources } from './read.js';

export interface Held extends Requirement {
  readonly tests: readonly Holder[];
  readonly decisions: readonly Holder[];
  /** `later`: of a section that is left to later work. */
  readonly state: 'test' | 'decision' | 'later' | 'open';
}

export interface Report {
  readonly held: readonly Held[];
  /** Numbers that come twice, are missing, or are named and do not exist. */
  readonly problems: readonly string[];
}

export function report({ requirements, tests, decisions }: Sources): Report {
  const named = (holders: readonly Holder[], number: number): Holder[] =>
    holders.filter(({ numbers }) => numbers.includes(number));
  const held = requirements.map((requirement) => {
    const byTest = named(tests, requirement.number);
    const byDecision = named(decisions, requirement.number);
    return {
      ...requirement,
      tests: byTest,
      decisions: byDecision,
      state: state(requirement, byTest, byDecision),
    };
  });
  return { held, problems: [...counted(requirements), ...unknown(requirements, [...tests, ...decisions])] };
}

function state(
  { section }: Requirement,
  tests: readonly Holder[],
  decisions: readonly Holder[],
): Held['state'] {
  if (tests.length > 0) return 'test';
  if (decisions.length > 0) return 'decision';
  return section.later ? 'later' : 'open';
}

/** Each number from 1 to the last one must be there once. */
function counted(requirements: readonly Requirement[]): string[] {
  const last = Math.max(0, ...requirements.map(({ number }) => number));
  const problems: string[] = [];
  for (let number = 1; number <= last; number++) {
    const count = requirements.filter((each) => each.number === number).length;
    if (count !== 1) problems.push(`docs/requirements.md has R${number} ${count} times`);
  }
  return problems;
}

function unknown(requirements: readonly Requirement[], holders: readonly Holder[]): string[] {
  const known = new Set(requirements.map(({ number }) => number));
  return holders.flatMap(({ where, text, numbers }) =>
    numbers
      .filter((number) => !known.has(number))
      .map((number) => `${where} names R${number}, which docs/requirements.md lacks: ${text.slice(0, 80)}`),
  );
}
