/** The frame of every command that speaks to a running engine: connect, act, print, close. */
import { succeed, type Outcome } from '../shared/outcome.js';
import { homeOf, wantsJson, type Flags } from './flags.js';
import { connect, type OscClient } from './osc-client.js';
import { give, type Said } from './output.js';

export async function talk(flags: Flags, act: (engine: OscClient) => Promise<Outcome<Said>>): Promise<void> {
  const engine = await connect(homeOf(flags));
  if (!engine.ok) return give(engine, wantsJson(flags));
  try {
    give(await act(engine.value), wantsJson(flags));
  } finally {
    engine.value.close();
  }
}

/** The value of an outcome as something to say; a problem stays one. */
export function saying<T>(outcome: Outcome<T>, say: (value: T) => Said): Outcome<Said> {
  return outcome.ok ? succeed(say(outcome.value), outcome.warnings) : outcome;
}
