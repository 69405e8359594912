/**
 * What a call gives back. The message is on its way already; only who awaits it asks for its end. So a player may send
 * and forget: nothing is rejected that nobody waits for.
 */
import type { Outcome } from '../engine/shared/outcome.js';
import { ChronusError } from './errors.js';

export class Sent<T> implements PromiseLike<T> {
  readonly #ask: () => Promise<Outcome<T>>;
  #outcome: Promise<Outcome<T>> | undefined;

  /** `ask` is called once, when somebody waits. Its promise never rejects. */
  constructor(ask: () => Promise<Outcome<T>>) {
    this.#ask = ask;
  }

  // A class with `then` is what `await` takes; it is made for that.
  then<A = T, B = never>(
    onValue?: ((value: T) => A | PromiseLike<A>) | null,
    onError?: ((error: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    this.#outcome ??= this.#ask();
    return this.#outcome
      .then((outcome) => {
        if (!outcome.ok)
          throw outcome.error instanceof ChronusError ? outcome.error : new ChronusError(outcome.error);
        return outcome.value;
      })
      .then(onValue, onError);
  }

  catch<B = never>(onError: (error: unknown) => B | PromiseLike<B>): Promise<T | B> {
    return this.then(null, onError);
  }
}

/** Something changed. Awaited: it has been applied; gives what the engine warned of, one sentence each. */
export type Command = Sent<readonly string[]>;
/** A question. Awaited: its answer. */
export type Answer<T> = Sent<T>;
