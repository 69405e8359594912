/** What the generated methods need, and what they are made of. */
import type { Answer, Command } from './sent.js';
import type { Shape, Value } from './values.js';

export interface Port {
  /** Sends; awaited, it is applied. */
  command(shape: Shape, given: readonly unknown[]): Command;
  /** Sends; awaited, it is the answer. */
  ask(shape: Shape, given: readonly unknown[]): Answer<unknown>;
  /** Several messages as one. */
  setAll(messages: readonly (readonly [address: string, value: Value])[]): Command;
}

/** The routes below one name: `synth.seq`, `synth.pattern`, ... */
export class Routes {
  constructor(protected readonly port: Port) {}
}

/** Values of a module, by the names of its parameters. */
export class Module<P extends object> {
  constructor(
    protected readonly port: Port,
    /** voice1, reverb1, ...; or a pattern: voice*. */
    readonly id: string,
  ) {}

  /** Sets what is named. Out of range: the nearest value is set, with a warning. */
  set(values: Partial<P>): Command {
    const given = Object.entries(values).filter(([, value]) => value !== undefined);
    return this.port.setAll(given.map(([name, value]) => [`/mod/${this.id}/${name}`, value as Value]));
  }

  /** The value of one parameter; of a target its name. */
  get<N extends keyof P & string>(name: N): Answer<P[N]> {
    const shape = { address: `/mod/${this.id}/${name}`, places: [], positional: 0 };
    return this.port.ask(shape, []) as Answer<P[N]>;
  }
}

/** A module with a gate. */
export class GatedModule<P extends object> extends Module<P> {
  /** Opens the gate, or closes it. */
  gate(on = true): Command {
    return this.port.setAll([[`/gate/${this.id}`, on ? 1 : 0]]);
  }
}
