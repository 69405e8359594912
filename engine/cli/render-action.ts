/** Renders one source, or several at once, to WAV files and says what came out. */
import { existsSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { fail, show, succeed, type Outcome, type Problem } from '../shared/outcome.js';
import { checkNumber, type NumberOption } from '../supervisor/options.js';
import { FAILED, printError, printJson, problemText, WRONG_USE } from './output.js';
import { renderOne, type Rendered, type RenderTask } from './render-one.js';

type Flags = Readonly<Record<string, unknown>>;

export async function run(sources: readonly string[], flags: Flags): Promise<void> {
  const json = flags['json'] === true;
  const jobs = readJobs(flags['jobs']);
  const tasks = tasksOf(sources, flags);
  const refused = !jobs.ok ? jobs.error : !tasks.ok ? tasks.error : undefined;
  if (refused) {
    printError(refused, json);
    process.exitCode = WRONG_USE;
  }
  if (!jobs.ok || !tasks.ok) return;
  const [only, ...more] = tasks.value;
  if (only && more.length === 0) await runOne(only, json);
  else await runAll(tasks.value, jobs.value, json);
}

function readJobs(text: unknown): Outcome<number> {
  const option: NumberOption = {
    name: 'voices',
    flag: '--jobs',
    min: 1,
    max: 256,
    default: availableParallelism(),
    whole: true,
    unit: 'renders at once',
    doc: 'renders at once',
  };
  return text === undefined ? succeed(option.default) : checkNumber(option, '--jobs', String(text));
}

/** Each source with its file, in the order of the command line. */
function tasksOf(sources: readonly string[], flags: Flags): Outcome<readonly RenderTask[]> {
  const { output } = flags;
  const own = sources.map((source) => ownName(source, flags['tap']));
  if (sources.length === 1) {
    const path = own.map((name) => outputPath(name, output));
    return succeed(sources.map((source, i) => ({ source, path: path[i] as string, flags })));
  }
  const folder = resolve(String(output ?? '.'));
  if (existsSync(folder) && !statSync(folder).isDirectory()) {
    return fail({
      code: 'E_OPTION',
      got: `--output ${show(output)}, a file, for ${sources.length} sources`,
      allowed: 'a folder; it is made where there is none',
      mend: 'Nothing was rendered. Name a folder, or leave it out for the working directory.',
    });
  }
  return succeed(
    sources.map((source, i) => {
      const before = own.slice(0, i).filter((name) => name === own[i]).length;
      return { source, path: join(folder, numbered(own[i] as string, before + 1)), flags };
    }),
  );
}

function ownName(source: string, tap: unknown): string {
  const place = tap === undefined || tap === 'master' ? '' : `_${String(tap)}`;
  return `${basename(source).replace(/\.\w+$/, '')}${place}`;
}

/** As files that are there already are numbered, so that which is which does not depend on who is first. */
function numbered(name: string, n: number): string {
  return n === 1 ? `${name}.wav` : `${name}_${String(n).padStart(3, '0')}.wav`;
}

/** Into a folder that exists under the name of source and tap; `.wav` is added where it is missing. */
function outputPath(own: string, output: unknown): string {
  const wanted = resolve(String(output ?? `${own}.wav`));
  if (existsSync(wanted) && statSync(wanted).isDirectory()) return join(wanted, `${own}.wav`);
  return /\.wav$/i.test(wanted) ? wanted : `${wanted}.wav`;
}

const isWrongUse = ({ code }: Problem): boolean => /^E_(OPTION|TAP)$/.test(code);

async function runOne(task: RenderTask, json: boolean): Promise<void> {
  const bar = progress(1, json);
  const outcome = await renderOne(task, (share) => bar.share(0, share));
  bar.clear();
  if (!outcome.ok) {
    printError(outcome.error, json);
    process.exitCode = isWrongUse(outcome.error) ? WRONG_USE : FAILED;
  } else if (json) printJson({ ...outcome.value, warnings: outcome.warnings });
  else report(outcome.value, outcome.warnings);
}

async function runAll(tasks: readonly RenderTask[], jobs: number, json: boolean): Promise<void> {
  const { renderAll } = await import('./render-jobs.js');
  const bar = progress(tasks.length, json);
  const began = performance.now();
  const outcomes = await renderAll(tasks, jobs, {
    share: bar.share,
    end: (i, outcome) => {
      bar.share(i, 1);
      if (json) return;
      bar.clear();
      const source = tasks[i]?.source ?? '';
      if (outcome.ok) report(outcome.value, outcome.warnings, `${source}: `);
      else process.stderr.write(`${source}: ${problemText(outcome.error)}`);
    },
  });
  const failures = outcomes.filter((outcome) => !outcome.ok);
  const seconds = outcomes.reduce((sum, outcome) => sum + (outcome.ok ? outcome.value.seconds : 0), 0);
  const realTimeFactor = Math.round((1000 * seconds) / (performance.now() - began));
  const done = outcomes.length - failures.length;
  if (json) {
    const renders = outcomes.map((outcome, i) => ({ source: tasks[i]?.source, ...documentOf(outcome) }));
    printJson({ renders, rendered: done, failed: failures.length, jobs, realTimeFactor });
  } else {
    process.stdout.write(
      `${done} of ${outcomes.length} rendered, ${jobs} at once; ${realTimeFactor} times real time together\n`,
    );
  }
  if (failures.length === 0) return;
  const allWrong = failures.length === outcomes.length && failures.every(({ error }) => isWrongUse(error));
  process.exitCode = allWrong ? WRONG_USE : FAILED;
}

function documentOf(outcome: Outcome<Rendered>) {
  return outcome.ok ? { ...outcome.value, warnings: outcome.warnings } : { error: outcome.error };
}

/** One line on a terminal that is written over; nothing anywhere else. */
function progress(count: number, json: boolean) {
  const shown = !json && process.stderr.isTTY === true;
  const shares = new Float64Array(count);
  return {
    share(task: number, share: number): void {
      shares[task] = share;
      const whole = shares.reduce((sum, each) => sum + each, 0) / count;
      if (shown) process.stderr.write(`\r${Math.round(100 * whole)} % `);
    },
    clear(): void {
      if (shown) process.stderr.write('\r      \r');
    },
  };
}

function report(result: Rendered, warnings: readonly string[], whose = ''): void {
  for (const warning of warnings) process.stderr.write(`${whose}warning: ${warning}\n`);
  const db = (x: number | null): string => (x === null ? 'silence' : `${x.toFixed(1)} dBFS`);
  process.stdout.write(
    `${result.path}\n` +
      `length ${result.seconds.toFixed(3)} s (${result.frames} frames at ${result.sampleRate} Hz, ${result.bits}-bit), ` +
      `peak ${db(result.peakDb)}, RMS ${db(result.rmsDb)}; ${result.realTimeFactor} times real time\n`,
  );
}
