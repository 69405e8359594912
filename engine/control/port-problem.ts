import type { Problem } from '../shared/outcome.js';

/** Why a port cannot be listened on, with the way out. */
export function portProblem(
  protocol: 'UDP' | 'TCP',
  host: string,
  port: number,
  error: NodeJS.ErrnoException,
): Problem {
  const code = error.code ?? error.message;
  const taken = code === 'EADDRINUSE';
  return {
    code: 'E_PORT',
    got: `${protocol} ${host}:${port}${taken ? ', which another program uses' : ` (${code})`}`,
    allowed: 'a port that is free for UDP and TCP, or 0 for any free one',
    mend: taken
      ? 'End the other program (perhaps another engine), or start with --osc-port 0 or another number.'
      : 'Start with --osc-port 0 or another number.',
  };
}
