/**
 * What a card tells the clock: four words of 32 bits, written by the card thread alone.
 *
 *      word  0 GRANTED      blocks below this number are wanted: the next one the card has not yet taken, and 2
 *            1 STATE        opening -> playing -> closed, or failed from either
 *            2 UNDERFLOWS   times the card ran dry
 *            3 SKIPPED      blocks never sent, because the card had fallen behind the music
 *
 *      clock:  while (STATE == PLAYING and block >= GRANTED) Atomics.wait(words, GRANTED, granted, limit)
 *
 * GRANTED is notified after a change of any word. While the card opens, GRANTED is 0 and the clock paces itself.
 */
export const GRANTED = 0;
export const STATE = 1;
export const UNDERFLOWS = 2;
export const SKIPPED = 3;
const WORDS = 16;

export const OPENING = 0;
export const PLAYING = 1;
export const FAILED = 2;
export const CLOSED = 3;

export function createCardProgress(): SharedArrayBuffer {
  return new SharedArrayBuffer(WORDS * 4);
}
