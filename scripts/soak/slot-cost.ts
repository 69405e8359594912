/**
 * What a save of everything costs: capture (snapshot and text) and check, on the thread that does it in an engine; the
 * fsync of such a file; and whether an engine of 256 voices has late blocks by it.
 */
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Session, type CommandSink } from '../../engine/control/session.js';
import { captureSlot } from '../../engine/patterns/format.js';
import { checkText, joinText, type SlotText } from '../../engine/patterns/slot-text.js';
import { makeTrack } from '../../engine/sequence/track-fields.js';
import { TRACKS, type Track } from '../../engine/shared/track.js';
import { startChild, type EngineChild } from './engine-child.js';

export interface CostOptions {
  readonly saves: number;
  readonly quick: boolean;
  readonly say: (line: string) => void;
}

export interface Quantiles {
  readonly median: number;
  readonly p99: number;
}

export interface Cost {
  readonly bytes: number;
  readonly saves: number;
  readonly seconds: number;
  /** Milliseconds; sixteen voices and eight tracks have changed since the last one. */
  readonly capture: Quantiles;
  /** The same where every track and two parameters of every voice have. */
  readonly captureNew: Quantiles;
  readonly fsync: Quantiles;
  readonly answer: Quantiles;
  readonly lateSaving: number;
  readonly lateControl: number;
}

const VOICES = 256;
/** One save after the other, as a hand on a controller could do it. */
const EVERY_MS = 50;
const WARM = 50;

export async function saveCost({ saves, quick, say }: CostOptions): Promise<Cost> {
  const rounds = quick ? 100 : 1000;
  const { bytes, capture, text } = measureCapture(rounds, { voices: 16, tracks: 8 });
  say(`capture and check: ${JSON.stringify(capture)} of ${bytes} bytes`);
  const { capture: captureNew } = measureCapture(rounds, { voices: VOICES, tracks: TRACKS });
  say(`the same, everything changed: ${JSON.stringify(captureNew)}`);
  const fsync = await measureFsync(text, quick ? 20 : 200);
  return { bytes, saves, capture, captureNew, fsync, ...(await measureEngine(saves, say)) };
}

/** As a save does it (engine/control/pattern-handlers.ts, engine/patterns/store.ts), after as many changes. */
function measureCapture(
  rounds: number,
  changes: { readonly voices: number; readonly tracks: number },
): { bytes: number; capture: Quantiles; text: string } {
  const session = fullSession();
  const times: number[] = [];
  let text: SlotText = [];
  for (let i = -WARM; i < rounds; i++) {
    change(session, i + WARM, changes);
    const began = performance.now();
    const { values, sequencer } = session.capture();
    const state = { values, sequencer: { ...sequencer, globalStep: i + WARM }, timestamp: 1_757_433_454 };
    text = captureSlot(state)('full');
    const checked = checkText(text);
    const ms = performance.now() - began;
    if (!checked.ok) throw new Error(checked.error.got);
    if (i >= 0) times.push(ms);
  }
  const whole = joinText(text);
  return { bytes: Buffer.byteLength(whole), capture: quantiles(times), text: whole };
}

/** Other values in so many voices and tracks, others each time. */
function change(
  session: Session,
  round: number,
  { voices, tracks }: { voices: number; tracks: number },
): void {
  const by = { source: 0 };
  for (let i = 0; i < voices; i++) {
    const voice = (round * voices + i) % VOICES;
    session.setParam(voice << 8, Math.fround(55 * 1.01 ** voice + round / 7), by);
    session.setParam((voice << 8) | 1, Math.fround((voice + (round % 100) / 100) / VOICES), by);
  }
  for (let i = 0; i < tracks; i++) {
    const track = (round * tracks + i) % TRACKS;
    session.addTrack(trackOf(track, 1 + (round % 100) / 1000), by);
  }
}

function trackOf(i: number, tune: number): Track {
  const identity = { id: `track${i}`, voice: i + 1, pattern: 'X.x.'.repeat(4), notesHz: notes(i, tune) };
  const fields = { baseFreqHz: 55 + i, baseAmp: 0.3, filterFreqHz: 800, reverbSend: 0.1, delaySend: 0.2 };
  return makeTrack(identity, fields, 0);
}

/** Every voice with values of its own, every track with all fields and sixteen notes. */
function fullSession(): Session {
  const nowhere: CommandSink = {
    append: () => true,
    position: () => 0,
    editRoom: () => Infinity,
    rendered: () => Infinity,
    committedLoad: () => undefined,
  };
  const session = new Session(nowhere, VOICES);
  const by = { source: 0 };
  for (let i = 0; i < TRACKS; i++) session.addTrack(trackOf(i, 1), by);
  for (let voice = 0; voice < VOICES; voice++) {
    session.setParam(voice << 8, Math.fround(55 * 1.01 ** voice), by);
    session.setParam((voice << 8) | 1, Math.fround(voice / VOICES), by);
  }
  return session;
}

function notes(track: number, tune = 1): number[] {
  return Array.from({ length: 16 }, (_, i) => Math.fround(tune * 55 * 2 ** ((track % 12) / 12 + i / 12)));
}

async function measureFsync(text: string, rounds: number): Promise<Quantiles> {
  const folder = await mkdtemp(join(tmpdir(), 'chronus-fsync-'));
  const times: number[] = [];
  try {
    for (let i = 0; i < rounds; i++) {
      const file = await open(join(folder, `${i}`), 'wx');
      await file.writeFile(text);
      const began = performance.now();
      await file.sync();
      times.push(performance.now() - began);
      await file.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return quantiles(times);
}

/** The same engine, first left alone, then made to save; it plays 128 tracks all the while. */
async function measureEngine(
  saves: number,
  say: (line: string) => void,
): Promise<Pick<Cost, 'answer' | 'lateSaving' | 'lateControl' | 'seconds'>> {
  const home = await mkdtemp(join(tmpdir(), 'chronus-cost-'));
  const engine = await startChild(home, ['--no-standby', '--voices', String(VOICES)]);
  try {
    for (let i = 0; i < TRACKS; i++)
      engine.send(
        '/seq/add',
        `track${i}`,
        `voice${i + 1}`,
        'x...',
        `notes=${notes(i)
          .map((hz) => hz.toFixed(1))
          .join(',')}`,
      );
    engine.send('/seq/start');
    await engine.ask('/pattern/save', 1);
    await pause(2000);
    const seconds = (saves * EVERY_MS) / 1000;
    const lateControl = await lateDuring(engine, () => pause(saves * EVERY_MS));
    const times: number[] = [];
    const lateSaving = await lateDuring(engine, async () => {
      for (let i = 0; i < saves; i++) {
        const began = performance.now();
        await engine.ask('/pattern/save', 1 + (i % 4));
        times.push(performance.now() - began);
        await pause(Math.max(0, EVERY_MS - (performance.now() - began)));
      }
    });
    say(`late blocks: ${lateSaving} while saving, ${lateControl} in the control`);
    return { answer: quantiles(times), lateSaving, lateControl, seconds };
  } finally {
    await engine.end('SIGTERM');
    await rm(home, { recursive: true, force: true });
  }
}

async function lateDuring(engine: EngineChild, act: () => Promise<void>): Promise<number> {
  const late = async (): Promise<number> =>
    ((await engine.ask('/engine/status')) as { readonly late_blocks: number }).late_blocks;
  const before = await late();
  await act();
  return (await late()) - before;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

function quantiles(times: readonly number[]): Quantiles {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.floor((sorted.length - 1) * share)] ?? NaN;
  return { median: at(0.5), p99: at(0.99) };
}
