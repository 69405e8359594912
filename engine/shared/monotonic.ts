/**
 * One monotonic clock for all threads of the process: `performance.now()` counts from the start of its own thread, so
 * each thread adds what lies between its own start and the clock's. For pacing and reports; no sample depends on it.
 */
const [seconds, nanoseconds] = process.hrtime();
const originMs = seconds * 1e3 + nanoseconds / 1e6 - performance.now();

/** Milliseconds, comparable between threads within some microseconds. Allocates nothing. */
export function monotonicMs(): number {
  return originMs + performance.now();
}
