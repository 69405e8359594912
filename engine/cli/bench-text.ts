/** The figures of `chronus bench` for people. */
import type { Asked } from './bench-asked.js';
import type { CostFigures, EngineFigures } from './bench-engine.js';
import type { ModuleFigures } from './bench-modules.js';
import type { OscFigures } from './bench-osc.js';
import type { SpeedFigures } from './bench-speed.js';
import { textTable } from './text-table.js';

export function speedText(figures: readonly SpeedFigures[]): string {
  const rows = figures.map((of) => [
    String(of.voices),
    of.rtf.toFixed(1),
    of.blockUs.toFixed(1),
    of.voicesUs.toFixed(1),
    of.nsPerVoiceSample.toFixed(2),
    of.silentBlockUs.toFixed(1),
    of.scalarRtf.toFixed(1),
    of.ratioToScalar.toFixed(2),
    of.ratioToYardstick?.toFixed(3) ?? '-',
  ]);
  const head = [
    'voices',
    'RTF',
    'us/block',
    'voices',
    'ns/v-sample',
    'silent',
    'scalar RTF',
    'x scalar',
    'x yardstick',
  ];
  return (
    'Speed: held saws with both sends, distortion, reverb, delay and limiter at work. RTF: seconds of sound per second of\n' +
    'user CPU, one core; a block of 256 frames lasts 5333 us. x: how many times as fast, in turns of the same run.\n' +
    textTable(head, rows)
  );
}

export function modulesText(modules: Readonly<Record<string, ModuleFigures>>): string {
  const rows = Object.entries(modules).map(([name, { workUs, scalarUs, defaultUs }]) => [
    name,
    workUs.toFixed(2),
    scalarUs.toFixed(2),
    defaultUs.toFixed(2),
  ]);
  return (
    '\nModules, us a block: at work (less a rig without it), the same in the scalar build, and at their defaults with sound\n' +
    'going through (less a rig that bypasses it: of the limiter that is the delay and clip that stand in for it).\n' +
    textTable(['module', 'work', 'scalar', 'defaults'], rows)
  );
}

export function askedText(asked: readonly Asked[]): string {
  const rows = asked.map((of) => [of.what, of.asked, of.measured, of.reached ? 'yes' : 'NO']);
  return `\n${textTable(['', 'asked', 'measured', 'reached'], rows)}`;
}

export function oscText({ maxUs, fanOutUs, messages }: OscFigures): string {
  return `\nOSC: worst of ${messages} messages ${maxUs} us; /mod/*/* on 16 voices, 99 values clamped: ${fanOutUs} us\n`;
}

export function engineText(engine: EngineFigures): string {
  return (
    `\nEngine, a process of its own: start ${engine.startMs} ms\n${costText('with standby', engine.standby)}${costText('without', engine.noStandby)}` +
    `  slot saved in ${engine.slotSaveMs} ms, loaded in ${engine.slotLoadMs} ms (datagram to reply); the file itself ${engine.slotStoreMs} ms\n`
  );
}

function costText(name: string, { restCorePercent, playingCorePercent, residentMb }: CostFigures): string {
  return `  ${name.padEnd(14)} at rest ${restCorePercent} % of a core, playing ${playingCorePercent} %, ${residentMb} MB resident\n`;
}
