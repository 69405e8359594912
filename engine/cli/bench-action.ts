import { cpus } from 'node:os';
import { checkNumber, type NumberOption } from '../supervisor/options.js';
import { benchEngine, type CostFigures, type EngineFigures } from './bench-engine.js';
import { benchOsc, type OscFigures } from './bench-osc.js';
import { benchRig, type RigFigures } from './bench-rig.js';
import { printError, printJson } from './output.js';

const VOICES: NumberOption = {
  name: 'voices',
  flag: '--voices',
  min: 1,
  max: 64,
  default: 64,
  whole: true,
  unit: 'voices',
  doc: 'voices',
};
const SECONDS: NumberOption = {
  ...VOICES,
  flag: '--seconds',
  min: 1,
  max: 600,
  default: 20,
  whole: false,
  unit: 's',
};

export async function run(flags: Readonly<Record<string, unknown>>): Promise<void> {
  const json = flags.json === true;
  const voices = checkNumber(VOICES, '--voices', String(flags.voices));
  const seconds = checkNumber(SECONDS, '--seconds', String(flags.seconds));
  for (const value of [voices, seconds]) {
    if (value.ok) continue;
    printError(value.error, json);
    process.exitCode = 2;
    return;
  }
  if (!voices.ok || !seconds.ok) return;
  const tell = (share: number): void => {
    if (!json && process.stderr.isTTY) process.stderr.write(`\r${Math.round(share * 100)} %`);
  };
  const rig = benchRig(voices.value, seconds.value, tell);
  const osc = benchOsc();
  const engine = flags.engine === false ? undefined : await benchEngine();
  const machine = `${cpus()[0]?.model ?? 'unknown'}, ${cpus().length} cores, Node ${process.versions.node}`;
  if (json) printJson({ machine, rig, osc_to_log_us: osc, ...(engine && { engine }) });
  else process.stdout.write(`${machine}\n${rigText(rig)}${oscText(osc)}${engine ? engineText(engine) : ''}`);
}

function rigText(rig: RigFigures): string {
  const modules = Object.entries(rig.modulesUs).map(
    ([name, us]) => `  ${name.padEnd(12)}${us.toFixed(1).padStart(8)} us a block\n`,
  );
  return (
    `${rig.voices} saws with sends: ${rig.rtf} times real time (${rig.blockUs} us for a block of 5333 us)\n` +
    `yardstick:          ${rig.yardstickRtf} times real time (${rig.yardstickBlockUs} us); ratio ${rig.ratioToYardstick}\n` +
    `silence after sound costs ${rig.silenceToSound} of sound at most, the releases ${rig.releaseToSound}\n${modules.join('')}`
  );
}

function oscText({ medianUs, p99Us, maxUs, fanOutUs, messages }: OscFigures): string {
  return (
    `OSC decode to command in the log: median ${medianUs} us, p99 ${p99Us} us (asked: 50 and 200), max ${maxUs} us of ${messages} messages\n` +
    `  /mod/*/* on 16 voices, 99 values clamped: ${fanOutUs} us\n`
  );
}

function engineText(engine: EngineFigures): string {
  return (
    `engine: start ${engine.startMs} ms\n${costText('with standby', engine.standby)}${costText('without', engine.noStandby)}` +
    `slot saved in ${engine.slotSaveMs} ms, loaded in ${engine.slotLoadMs} ms (datagram to reply); the file itself ${engine.slotStoreMs} ms\n`
  );
}

function costText(name: string, { restCorePercent, playingCorePercent, residentMb }: CostFigures): string {
  return `  ${name.padEnd(14)} at rest ${restCorePercent} % of a core, playing ${playingCorePercent} %, ${residentMb} MB resident\n`;
}
