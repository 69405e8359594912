/**
 * npm run piece: plays a piece of scripts/pieces/ on a running engine, or renders it without one.
 *
 *      npm run piece                                        lists the pieces
 *      npm run piece -- breaks                              live over UDP, on the engine of this folder
 *      npm run piece -- tides --home DIR                    on the engine of another home
 *      npm run piece -- acid --port 5005 --transport tcp    on the engine at that port
 *      npm run piece -- acid --render acid.wav              offline, faster than real time
 *      npm run piece -- breaks --bars 8 --render short.wav  its first bars only
 *
 * Live, the take lands in recordings/ of the engine. The slots 121 to 125 are written; what was there becomes a backup.
 */
import { copyFileSync, existsSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ChronusError, connect, type Synth } from 'music-chronus';
import { offline } from 'music-chronus/offline';
import { PIECES } from './pieces/index.js';
import { playPiece, type Piece, type Take } from './pieces/piece.js';

const USAGE = `npm run piece -- NAME [--render FILE.wav] [--bars N] [--home DIR | --port N [--host H]] [--transport udp|tcp]

${PIECES.map(({ name, doc, bars, bpm }) => `  ${name.padEnd(8)} ${doc} (${bars} bars from ${bpm} BPM)`).join('\n')}

Live it needs a running engine (npm start, or npx chronus start) with 16 voices; the take lands in its recordings/.
Slots 121 to 125 are written; what was there becomes a backup.

Examples:
  npm run piece -- breaks
  npm run piece -- acid --render acid.wav
  npm run piece -- tides --bars 8 --render tides.wav
`;

/** Wrong use: says what came and what is allowed, and ends. */
function refuse(what: string): never {
  process.stderr.write(`${what} npm run piece -- --help lists pieces and flags.\n`);
  process.exit(2);
}

function readFlags() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        render: { type: 'string' },
        bars: { type: 'string' },
        home: { type: 'string' },
        host: { type: 'string' },
        port: { type: 'string' },
        transport: { type: 'string' },
        help: { type: 'boolean' },
      },
    });
  } catch (error) {
    return refuse((error as Error).message);
  }
}

const { values, positionals } = readFlags();

function whole(name: string, text: string, min: number, max: number): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isInteger(value) && value >= min && value <= max) return value;
  return refuse(`--${name}: got '${text}', allowed a whole number from ${min} to ${max}.`);
}

function chosen(): Piece {
  const [name, ...more] = positionals;
  const piece = PIECES.find((each) => each.name === name);
  if (more.length > 0) refuse(`got ${positionals.length} names, allowed one.`);
  return piece ?? refuse(`got '${name ?? ''}', allowed ${PIECES.map((each) => each.name).join(', ')}.`);
}

async function open(): Promise<Synth> {
  if (values.render !== undefined) return offline();
  const { home, host, port, transport = 'udp' } = values;
  if (transport !== 'udp' && transport !== 'tcp')
    return refuse(`--transport: got '${transport}', allowed udp, tcp.`);
  return connect({
    transport,
    ...(home !== undefined && { home }),
    ...(host !== undefined && { host }),
    ...(port !== undefined && { port: whole('port', port, 1, 65535) }),
  });
}

function report({ seconds, peakDb, rmsDb }: Take, path: string, spentMs: number): void {
  const db = (x: number | null): string => (x === null ? 'silence' : `${x.toFixed(1)} dBFS`);
  const speed =
    values.render === undefined ? '' : `; ${((1000 * seconds) / spentMs).toFixed(0)} times real time`;
  process.stdout.write(`${path}\n${seconds.toFixed(1)} s, peak ${db(peakDb)}, RMS ${db(rmsDb)}${speed}\n`);
}

async function main(): Promise<void> {
  if (values.help || positionals.length === 0) return void process.stdout.write(USAGE);
  const piece = chosen();
  const output = values.render === undefined ? undefined : resolve(values.render);
  if (output !== undefined && existsSync(output))
    refuse(`--render: ${output} exists; nothing is overwritten.`);
  const bars = values.bars === undefined ? piece.bars : whole('bars', values.bars, 1, piece.bars);
  const synth = await open();
  synth.on('error', ({ message }) => process.stderr.write(`${message}\n`));
  synth.on('warning', (address, sentence) => process.stderr.write(`${address}: ${sentence}\n`));
  const live = output === undefined && process.stderr.isTTY === true;
  const onBar = (bar: number): void => void (live && process.stderr.write(`\rbar ${bar} of ${bars} `));
  if (output === undefined) silenceAtTheEnd(synth);
  const began = performance.now();
  const take = await playPiece(synth, piece, { bars, onBar });
  synth.close();
  if (output !== undefined) {
    copyFileSync(take.path, output);
    rmSync((synth as Synth & { home: string }).home, { recursive: true, force: true });
  }
  report(take, output ?? take.path, performance.now() - began);
}

/** Ctrl+C leaves no note behind. */
function silenceAtTheEnd(synth: Synth): void {
  process.once('SIGINT', () => {
    const over = (): never => process.exit(130);
    synth.seq.clear();
    synth.record.stop();
    synth.engine.panic().then(over, over);
  });
}

main().catch((error: unknown) => {
  if (!(error instanceof ChronusError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
});
