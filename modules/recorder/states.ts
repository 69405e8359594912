/**
 * The states of a take, for each id of its own:
 *
 *      IDLE --start--> STARTING --file open--> RECORDING --stop, dur=--> STOPPING --file whole--> IDLE
 *                         |  \___stop___________________________________^   |
 *                         v                        v                        v
 *                       ERROR <--------------------+------------------------+
 *                         |---start--> STARTING          (the id is free again)
 *                         `---stop---> IDLE              (the error has been told)
 *
 * Runs on: main thread. Every change happens between two turns of the event loop, so nobody sees half of one.
 */
export const TAKE_STATES = ['IDLE', 'STARTING', 'RECORDING', 'STOPPING', 'ERROR'] as const;
export type TakeState = (typeof TAKE_STATES)[number];

export const TRANSITIONS: Readonly<Record<TakeState, readonly TakeState[]>> = {
  IDLE: ['STARTING'],
  STARTING: ['RECORDING', 'STOPPING', 'ERROR'],
  RECORDING: ['STOPPING', 'ERROR'],
  STOPPING: ['IDLE', 'ERROR'],
  ERROR: ['STARTING', 'IDLE'],
};

/** One id's state, and everybody who wants to know. Moves that are not in the table change nothing and tell nobody. */
export class TakeMachine {
  readonly #told: (from: TakeState, to: TakeState) => void;
  #state: TakeState = 'IDLE';

  constructor(told: (from: TakeState, to: TakeState) => void) {
    this.#told = told;
  }

  get state(): TakeState {
    return this.#state;
  }

  /** True when the move is legal and has been made. */
  move(to: TakeState): boolean {
    const from = this.#state;
    if (!TRANSITIONS[from].includes(to)) return false;
    this.#state = to;
    this.#told(from, to);
    return true;
  }
}
