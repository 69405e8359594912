/**
 * Looks at the disk while takes run, once a minute, and warns; it never deletes or ends anything. Runs on: main thread;
 * never blocks it.
 */
import { lowSpace, reserveOf, size } from './pre-flight.js';
import { spaceOf, type Space } from './storage.js';

/** `look` is called once a second. */
const LOOKS_BETWEEN = 60;

export class SpaceWatch {
  readonly #folder: string;
  readonly #reserveBytes: number | undefined;
  readonly #warn: (code: string, sentence: string) => void;
  readonly #space: (folder: string) => Promise<Space>;
  #looks = 0;

  constructor(
    folder: string,
    reserveBytes: number | undefined,
    warn: (code: string, sentence: string) => void,
    space: (folder: string) => Promise<Space> = spaceOf,
  ) {
    this.#folder = folder;
    this.#reserveBytes = reserveBytes;
    this.#warn = warn;
    this.#space = space;
  }

  /** To be called once a second while something records. Never rejects. */
  async look(): Promise<void> {
    if (this.#looks++ % LOOKS_BETWEEN !== LOOKS_BETWEEN - 1) return;
    try {
      const space = await this.#space(this.#folder);
      const reserveBytes = this.#reserveBytes;
      const reserve = reserveOf(space, reserveBytes === undefined ? {} : { reserveBytes });
      if (space.freeBytes < reserve)
        this.#warn(
          'W_SPACE',
          `${size(space.freeBytes)} are free for ${this.#folder}: make room; takes go on until it is full`,
        );
      else for (const sentence of lowSpace(this.#folder, space)) this.#warn('W_SPACE', sentence);
    } catch (error) {
      this.#warn('W_SPACE', `the disk with ${this.#folder} does not answer (${(error as Error).message})`);
    }
  }
}
