/** Wrong use of the command line as a problem: what came, what is allowed, names that look like it, the mend. */
import type { Command, CommanderError } from 'commander';
import { nearest } from '../shared/nearest.js';
import type { Problem } from '../shared/outcome.js';

/** Mistakes where a name came that does not exist. */
const NAMES = new Set(['commander.unknownOption', 'commander.unknownCommand']);

export function usageProblem(command: Command, { code, message }: CommanderError): Problem {
  const path = pathOf(command);
  const got = message.replace(/^error: /, '').replace(/\n\(Did you mean .*/s, '');
  const allowed = allowedBy(command, code);
  const came = /'([^']*)'/.exec(got)?.[1]?.split(/[ =]/)[0] ?? '';
  const near = NAMES.has(code) ? nearest(came, allowed) : [];
  return {
    code: 'E_USAGE',
    got: `${got} (${path})`,
    allowed: allowed.join(', '),
    ...(near.length > 0 && { nearest: near }),
    mend: `Nothing was done. See \`${path} --help\`.`,
  };
}

function allowedBy(command: Command, code: string): string[] {
  const flags = [...command.options.map(({ long, short }) => long ?? short ?? ''), '--help'];
  if (code === 'commander.unknownOption') return flags;
  if (code === 'commander.unknownCommand') return command.commands.map((each) => each.name());
  if (code === 'commander.optionMissingArgument') return command.options.map((option) => option.flags);
  return [`${pathOf(command)} ${command.usage()}`];
}

function pathOf(command: Command): string {
  return command.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name();
}
