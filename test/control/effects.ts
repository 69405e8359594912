/** What a message has led to, in a few words: for tables of shapes and their effects. */
import { parameterAt } from '../../engine/registry/address.js';
import { plain } from '../../engine/control/value.js';
import type { Command } from '../../engine/shared/command.js';
import type { Track } from '../../engine/shared/track.js';
import type { Desk } from './desk.js';

/** Commands (tracks as they stand now), then what engine and recorder were asked, then the answers. */
export async function effectsOf(desk: Desk, bytes: Uint8Array): Promise<string[]> {
  const from = desk.sink.position();
  const asked = desk.asked.length;
  const before = trackTexts(desk);
  desk.sendBytes(bytes);
  const answers = await desk.answers();
  const commands = desk.sink.entries.slice(from).flatMap(({ command }) => inWords(command));
  return [
    ...commands,
    ...trackTexts(desk).filter((text) => !before.includes(text)),
    ...desk.asked.slice(asked).map((what) => `asked ${what}`),
    ...answers.map(answerWords),
  ];
}

function inWords(command: Command): string[] {
  switch (command.kind) {
    case 'set':
      return [`${parameterAt(command.address)?.path ?? '?'}=${plain(command.value)}`];
    case 'gate':
      return [`gate voice${command.voice + 1} ${command.on ? 'on' : 'off'}`];
    case 'transport':
      return [command.running ? 'run' : 'stand'];
    case 'tempo':
      return [`bpm ${command.milliBpm / 1000}`];
    case 'swing':
      return [`swing ${plain(command.amount)}`];
    case 'removeTrack':
    case 'clearTracks':
    case 'panic':
      return [command.kind];
    default:
      return [];
  }
}

function trackTexts(desk: Desk): string[] {
  return desk.session.snapshot().sequencer.tracks.map(trackText);
}

function trackText(track: Track): string {
  const numbers: [string, number | undefined][] = [
    ['base', track.baseFreqHz],
    ['amp', track.baseAmp],
    ['filter', track.filterFreqHz],
    ['boost', track.accentBoostHz === DEFAULT_BOOST ? undefined : track.accentBoostHz],
    ['reverb', track.reverbSend],
    ['delay', track.delaySend],
    ['gate', track.gateFrac === DEFAULT_GATE ? undefined : track.gateFrac],
  ];
  const given = numbers.flatMap(([name, value]) => (value === undefined ? [] : [`${name} ${plain(value)}`]));
  const notes =
    track.notesHz.length > 0 ? [`notes ${track.notesHz.map((hz) => Number(hz.toFixed(1))).join(' ')}`] : [];
  return ['track', track.id, `voice${track.voice}`, track.pattern, ...given, ...notes].join(' ');
}

const DEFAULT_BOOST = 1500;
const DEFAULT_GATE = 0.5;

/** An answer by its address, errors and warnings with their code. */
function answerWords(line: string): string {
  const [address = '', ...rest] = line.split(' | ');
  if (address === '/error') return `/error ${rest[0] ?? ''}`;
  if (address === '/warn') return `/warn ${/^E_[A-Z]+/.exec(rest[1] ?? '')?.[0] ?? ''}`.trim();
  return address;
}
