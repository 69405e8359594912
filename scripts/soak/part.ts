/** One long count of `npm run soak`. */
export interface Figure {
  readonly figure: string;
  readonly asked: string;
  readonly measured: string;
  readonly reached: boolean;
}

export interface SoakOptions {
  readonly seed: number;
  /** A short form, to see that it works. */
  readonly quick: boolean;
  readonly say: (line: string) => void;
}

export interface SoakPart {
  readonly name: string;
  readonly doc: string;
  run(options: SoakOptions): Promise<readonly Figure[]>;
}
