/** What is asked of the speed, beside what was reached. */
import type { CheckFigures } from './bench-checks.js';
import type { OscFigures } from './bench-osc.js';

export interface Asked {
  readonly what: string;
  readonly asked: string;
  readonly measured: string;
  readonly reached: boolean;
}

export interface RigChecks extends CheckFigures {
  /** Cost of a block with 256 voices divided by that with 64. */
  readonly growth256to64: number;
}

export function askedOfRig(checks: RigChecks): readonly Asked[] {
  const percent = (x: number): string => `${(100 * x).toFixed(1)} %`;
  const { wasmBytes, firstBlockMs } = checks;
  return [
    most('256 voices cost, of 64', checks.growth256to64, 4.2, (x) => `${x.toFixed(2)} times`),
    most('a sleeping voice costs, of a sounding one', checks.sleepingToSounding, 0.03, percent),
    most('the costliest second of a 60 s tail, of sound', checks.tailToSound, 1, percent),
    most('the worst block (least of five renders), of the median', checks.worstBlockToMedian, 3, times),
    most('core.simd.wasm', wasmBytes, 65_535, (x) => `${(x / 1024).toFixed(1)} KiB`),
    most('instantiate, plan, first block', firstBlockMs, 5, (x) => `${x.toFixed(1)} ms`),
  ];
}

export function askedOfOsc({ medianUs, p99Us }: OscFigures): readonly Asked[] {
  const us = (x: number): string => `${x.toFixed(1)} us`;
  return [
    most('OSC datagram to command in the log, median', medianUs, 50, us),
    most('the same, 99 of 100', p99Us, 200, us),
  ];
}

const times = (x: number): string => `${x.toFixed(2)} times`;

function most(what: string, measured: number, limit: number, text: (x: number) => string): Asked {
  return { what, asked: `at most ${text(limit)}`, measured: text(measured), reached: measured <= limit };
}
