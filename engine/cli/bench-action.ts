/** Measures this machine: the rig, its modules, what is asked of both, OSC, an engine. */
import { cpus } from 'node:os';
import { fail, show, succeed, type Outcome } from '../shared/outcome.js';
import { checkNumber, type NumberOption } from '../supervisor/options.js';
import { askedOfOsc, askedOfRig } from './bench-asked.js';
import { benchChecks, benchStart } from './bench-checks.js';
import { benchEngine } from './bench-engine.js';
import { benchModules } from './bench-modules.js';
import { benchOsc } from './bench-osc.js';
import { benchGrowth, benchSpeed } from './bench-speed.js';
import { askedText, engineText, modulesText, oscText, speedText } from './bench-text.js';
import { printError, printJson, WRONG_USE } from './output.js';

const DEFAULT_VOICES = '8,16,64,256';

const VOICES: NumberOption = {
  name: 'voices',
  flag: '--voices',
  min: 1,
  max: 256,
  default: 64,
  whole: true,
  unit: 'voices',
  doc: 'voices',
};
const SECONDS: NumberOption = {
  ...VOICES,
  flag: '--seconds',
  min: 0.1,
  max: 600,
  default: 20,
  whole: false,
  unit: 's',
};

/** Longer shows nothing more: differences of a few microseconds, and ratios. */
const MOST_SECONDS = { modules: 10, growth: 5 };

export async function run(flags: Readonly<Record<string, unknown>>): Promise<void> {
  const json = flags['json'] === true;
  const voices = readVoices(String(flags['voices'] ?? DEFAULT_VOICES));
  const seconds = checkNumber(SECONDS, '--seconds', String(flags['seconds'] ?? SECONDS.default));
  const refused = !voices.ok ? voices.error : !seconds.ok ? seconds.error : undefined;
  if (refused) {
    printError(refused, json);
    process.exitCode = WRONG_USE;
  }
  if (!voices.ok || !seconds.ok) return;
  const say = (text: string): void => void (json || process.stdout.write(text));
  const tell = (what: string): void =>
    void (!json && process.stderr.isTTY && process.stderr.write(`\r${what.padEnd(30)}\r`));

  const machine = `${cpus()[0]?.model ?? 'unknown'}, ${cpus().length} cores, Node ${process.versions.node}`;
  say(`${machine}\n`);
  const start = benchStart();
  const speed = voices.value.map((count) => {
    tell(`${count} voices ...`);
    return benchSpeed(count, seconds.value);
  });
  say(speedText(speed));
  tell('modules ...');
  const modules = benchModules(Math.min(seconds.value, MOST_SECONDS.modules));
  say(modulesText(modules));
  tell('tails, blocks ...');
  const checks = {
    ...start,
    growth256to64: benchGrowth(256, 64, Math.min(seconds.value, MOST_SECONDS.growth)),
    ...benchChecks(),
  };
  const osc = benchOsc();
  const asked = [...askedOfRig(checks), ...askedOfOsc(osc)];
  say(askedText(asked));
  say(oscText(osc));
  tell('engine ...');
  const engine = flags['engine'] === false ? undefined : await benchEngine();
  if (engine) say(engineText(engine));
  if (json) {
    printJson({ machine, speed, modules, checks, asked, osc_to_log_us: osc, ...(engine && { engine }) });
  }
}

/** `64`, or several with commas between them. */
function readVoices(text: string): Outcome<readonly number[]> {
  const counts: number[] = [];
  for (const word of text.split(',')) {
    const count = checkNumber(VOICES, '--voices', word);
    if (!count.ok) {
      const allowed = '1..256, whole, or several with commas: 8,16,64,256';
      const mend = `Leave it out for ${DEFAULT_VOICES}.`;
      return fail({ ...count.error, got: `--voices ${show(text)}`, allowed, mend });
    }
    counts.push(count.value);
  }
  return succeed(counts);
}
