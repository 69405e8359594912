/**
 * 20,000 datagrams a second into a real engine that plays and records: none lost or reordered up to the socket buffer,
 * what is heard equals the journal's commands rendered again, and no more late blocks than without the flood.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Arg } from '../../engine/control/decode.js';
import { int, text } from '../../engine/control/encode.js';
import { COMMAND_KINDS, ENTRY_WORDS } from '../../engine/shared/command.js';
import { readRun } from '../../engine/supervisor/journal-file.js';
import { chronusJson, startEngine, type Scope, type TestEngine } from '../../test/helpers/engine.js';
import { tally, type Tally } from './numbered.js';
import type { Figure, SoakOptions, SoakPart } from './part.js';
import { inScope } from './scope.js';

const RATE = 20_000;
const SECONDS = 60;
const QUICK_SECONDS = 3;
const SENDER = fileURLToPath(new URL('./flood-sender.js', import.meta.url));

interface Status {
  readonly late_blocks: number;
  readonly cpu_ms: number;
  readonly udp_dropped: number | null;
  readonly journal: string;
  readonly control: { readonly received: number; readonly refused: number; readonly malformed: number };
}

interface Sent {
  readonly sent: number;
  readonly refused: number;
  readonly seconds: number;
}

/** What was seen of the run with the flood. */
interface Flooded {
  readonly sent: Sent;
  readonly before: Status;
  readonly after: Status;
  readonly take: string;
  readonly lostBlocks: number;
}

export const flood: SoakPart = {
  name: 'flood',
  doc: `${RATE} datagrams a second for ${SECONDS} s into an engine that plays and records`,
  run: (options) => inScope((scope) => measure(scope, options)),
};

async function measure(scope: Scope, { quick, say }: SoakOptions): Promise<Figure[]> {
  const seconds = quick ? QUICK_SECONDS : SECONDS;
  say(`quiet control run, ${seconds} s`);
  const quiet = await inScope(async (inner) => {
    const engine = await playing(inner);
    const before = await status(engine);
    await sleep(seconds * 1000);
    return (await status(engine)).late_blocks - before.late_blocks;
  });
  say(`flood, ${seconds} s`);
  const engine = await playing(scope);
  const flooded = await underFlood(engine, seconds);
  await engine.stop('SIGINT');
  say('rendering the take from the journal');
  const again = join(engine.home, 'again.wav');
  await chronusJson(['render', flooded.take, '-o', again, '--home', engine.home]);
  const equal = readFileSync(flooded.take).equals(readFileSync(again));
  return figures(flooded, tallyOf(flooded), equal, quiet, seconds);
}

/** A pattern on eight of sixteen voices, heard, recorded by nobody yet. */
async function playing(scope: Scope): Promise<TestEngine> {
  const engine = await startEngine(scope, { args: ['--voices', '16'] });
  for (let voice = 1; voice <= 8; voice++) {
    const track: Arg[] = [
      text(`t${voice}`),
      text(`voice${voice}`),
      text('X.x.x.X.'),
      text(`base_freq=${50 * voice}`),
    ];
    engine.send('/seq/add', ...track);
    engine.send(`/mod/voice${voice}/osc/type`, int(1));
  }
  engine.send('/seq/start');
  await engine.client.sync();
  await sleep(1000);
  return engine;
}

async function underFlood(engine: TestEngine, seconds: number): Promise<Flooded> {
  const { path } = (await engine.request('/record/start', text('flood'))) as { path: string };
  const before = await status(engine);
  const sent = await send(engine.port, seconds * RATE);
  await engine.client.sync({ timeoutMs: 60_000 });
  const after = await status(engine);
  const stopped = (await engine.request('/record/stop')) as { lostBlocks: number };
  return { sent, before, after, take: path, lostBlocks: stopped.lostBlocks };
}

async function status(engine: TestEngine): Promise<Status> {
  return (await engine.request('/engine/status')) as Status;
}

async function send(port: number, count: number): Promise<Sent> {
  const child = spawn(process.execPath, [SENDER, String(port), String(RATE), String(count)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (more: string) => (said += more));
  await once(child, 'close');
  return JSON.parse(said) as Sent;
}

function tallyOf({ after, sent }: Flooded): Tally {
  const { commands } = readRun(after.journal);
  const SET = COMMAND_KINDS.indexOf('set');
  const value = new Float32Array(1);
  const bits = new Int32Array(value.buffer);
  function* sets(): Generator<{ address: number; value: number }> {
    for (const words of commands.values()) {
      for (let at = 0; at < words.length; at += ENTRY_WORDS) {
        if (((words[at] as number) & 255) !== SET) continue;
        bits[0] = words[at + 2] as number;
        yield { address: words[at + 1] as number, value: value[0] as number };
      }
    }
  }
  return tally(sets(), sent.sent);
}

function figures(
  { sent, before, after, lostBlocks }: Flooded,
  { seen, missing, outOfOrder }: Tally,
  equal: boolean,
  quiet: number,
  seconds: number,
): Figure[] {
  const dropped = (after.udp_dropped ?? 0) - (before.udp_dropped ?? 0);
  const late = after.late_blocks - before.late_blocks;
  const rate = Math.round(sent.sent / sent.seconds);
  const cpu = Math.round((after.cpu_ms - before.cpu_ms) / (10 * sent.seconds));
  // Chance: as many again as the square root of the count, twice.
  const allowed = quiet + Math.ceil(2 * Math.sqrt(quiet + 1));
  const lost = missing - dropped - sent.refused;
  const told = after.udp_dropped === null ? 'the system does not tell' : `${dropped}`;
  return [
    {
      figure: 'datagrams a second',
      asked: `${RATE} for ${seconds} s`,
      measured: `${rate} for ${sent.seconds.toFixed(1)} s, ${cpu} % of a core for the whole engine`,
      reached: rate > 0.98 * RATE,
    },
    {
      figure: 'lost behind the socket buffer',
      asked: '0',
      measured: `${lost} (${sent.sent} sent, ${seen} in the journal, dropped by the kernel: ${told}, refused: ${after.control.refused - before.control.refused})`,
      reached: lost === 0,
    },
    { figure: 'out of order', asked: '0', measured: String(outOfOrder), reached: outOfOrder === 0 },
    {
      figure: 'live take against its commands rendered offline',
      asked: 'equal bit for bit',
      measured: equal ? 'equal' : 'different',
      reached: equal && lostBlocks === 0,
    },
    {
      figure: 'late blocks',
      asked: `as in the quiet control (${quiet}; ${allowed} with chance)`,
      measured: String(late),
      reached: late <= allowed,
    },
  ];
}
