/** One engine: threads, recorder, control plane and device put together. Runs on: main thread. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createRecorder } from '../../modules/recorder/service.js';
import { createControl, type Control } from '../control/dispatch.js';
import type { EngineControl, HomePort } from '../control/ports.js';
import { Session } from '../control/session.js';
import { stamp } from '../control/stamp.js';
import { listenUdp, type UdpServer } from '../control/udp.js';
import { openOutput, type Output } from '../device/output.js';
import { fillFromFactory } from '../patterns/factory.js';
import { resolveSource } from '../patterns/source.js';
import { PatternStore } from '../patterns/store.js';
import { MODULES } from '../registry/modules.js';
import { fail, succeed, type Outcome } from '../shared/outcome.js';
import { QUEUE_ENTRIES } from '../shared/core-layout.js';
import { distance, POSITION, slotWord, STOP } from '../shared/run-memory.js';
import { ENGINE_VERSION } from '../shared/version.js';
import { FrameClock } from './frame-clock.js';
import { IDENTITY, lockHome, StartError, type EngineFile } from './home.js';
import { LogWriter } from './log-writer.js';
import { leadBlocks, type EngineOptions } from './options.js';
import { startThreads, type RunThreads } from './threads.js';

/** How often system time and frames are compared. */
const CLOCK_UPDATE_MS = 50;
/** Frames from a gate to the first sample of it: what the modules on the way declare. */
const RIG_LATENCY_FRAMES = MODULES.filter(({ level }) => level !== 'service').reduce(
  (sum, { latencyFrames }) => sum + latencyFrames,
  0,
);

export interface Engine {
  readonly file: EngineFile;
  readonly control: Control;
  readonly session: Session;
  /** One line: where the sound goes and how to hear it. */
  readonly outputLine: string;
  readonly runFolder: string;
  status(): object;
  /** Loads a pattern (slot number, file or library name) and starts it. */
  play(source: string): Promise<Outcome<string>>;
  /** Closes recordings, device, journal and ports; resolves when no thread or process is left. */
  stop(): Promise<void>;
}

export interface EngineEvents {
  /** Something a person should read: one line. */
  readonly onNotice: (line: string) => void;
}

/** Starts an engine or throws StartError; what had been started is ended then. */
export async function startEngine(options: EngineOptions, events: EngineEvents): Promise<Engine> {
  const lock = lockHome(options.home);
  const ending: (() => unknown)[] = [() => lock.release()];
  const end = async (): Promise<void> => {
    for (const step of ending.splice(0).reverse()) await step();
  };
  try {
    return await assemble(options, events, lock.publish, ending, end);
  } catch (error) {
    await end();
    throw error;
  }
}

/** The value, or the problem as a StartError. */
function orThrow<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new StartError(outcome.error);
  return outcome.value;
}

async function assemble(
  options: EngineOptions,
  events: EngineEvents,
  publish: (file: EngineFile) => void,
  ending: (() => unknown)[],
  end: () => Promise<void>,
): Promise<Engine> {
  const { home, sampleRate, blockFrames, voices } = options;
  const started = new Date();
  const runFolder = join(home, 'journal', `run_${stamp(started)}_${process.pid}`);
  const format = { sampleRate, blockFrames, voices, leadBlocks: leadBlocks(options) };
  const threads = startThreads({
    ...format,
    runFolder,
    engineVersion: ENGINE_VERSION,
    started,
    onFault: (what) => events.onNotice(`Fault: ${what}`),
  });
  ending.push(() => threads.stop());

  const log = new LogWriter(threads.run);
  const session = new Session(log, voices);
  const patterns = new PatternStore(home);
  orThrow(await fillFromFactory(home));
  const recorder = createRecorder({
    taps: { master: threads.run.tap },
    recordingsFolder: join(home, 'recordings'),
    sampleRate,
    run: { runFolder, startBlock: 0 },
    engineVersion: ENGINE_VERSION,
    now: () => new Date(),
  });
  const output = orThrow(
    await openOutput({
      device: options.device,
      tap: threads.run.tap,
      sampleRate,
      engineVersion: ENGINE_VERSION,
      onNotice: events.onNotice,
    }),
  );
  ending.push(() => output.close());
  ending.push(() => recorder.stopAll());

  const clock = new FrameClock(sampleRate);
  const timer = setInterval(() => clock.update(Date.now(), threads.blocks() * blockFrames), CLOCK_UPDATE_MS);
  ending.push(() => clearInterval(timer));
  const ears: { udp?: UdpServer } = {};
  const describe = (): object => ({
    ...status({ options, threads, output, runFolder, started }),
    // More than 0: somebody sends faster than the system's buffer holds; send bundles.
    udp_dropped: ears.udp?.drops() ?? null,
  });
  const control = createControl({
    session,
    engine: engineControl(threads, log, session, clock, format, describe),
    recorder,
    patterns,
    home: homePort(home),
    now: () => new Date(),
  });
  const server = orThrow(await listenUdp(control, { port: options.oscPort, host: options.oscHost }));
  ears.udp = server;
  ending.push(() => server.close());
  threads.startClock(output.progress);

  const file: EngineFile = {
    ...IDENTITY,
    oscHost: options.oscHost,
    oscPort: server.port,
    sampleRate,
    blockFrames,
    voices,
    device: output.name,
    started: started.toISOString(),
  };
  publish(file);
  return {
    file,
    control,
    session,
    outputLine: output.line,
    runFolder,
    status: describe,
    stop: end,
    play: (source) => play(source, patterns, session),
  };
}

async function play(source: string, patterns: PatternStore, session: Session): Promise<Outcome<string>> {
  const loaded = await resolveSource(patterns, source);
  if (!loaded.ok) return loaded;
  const by = { source: 0 };
  const { document } = loaded.value;
  const { sequencer } = document;
  // It is to play, whatever the file says of `running`.
  const playing = sequencer ? { ...document, sequencer: { ...sequencer, running: true } } : document;
  const done = session.load(playing, true, by);
  if (!done.ok) return done;
  return succeed(document.name ?? source, loaded.warnings);
}

function engineControl(
  threads: RunThreads,
  log: LogWriter,
  session: Session,
  clock: FrameClock,
  format: { readonly leadBlocks: number; readonly blockFrames: number },
  describe: () => object,
): EngineControl {
  const words = new Int32Array(threads.run.control);
  return {
    start: () => succeed({ audio: 'on' }),
    stop: () => {
      const done = session.panic({ source: 0 });
      return done.ok ? succeed({ audio: 'off' }) : done;
    },
    status: describe,
    sequencerPosition: () => ({ running: threads.core('running') !== 0, step: threads.core('step') }),
    frameAt(unixMs) {
      const frame = Math.round(clock.at(unixMs));
      const rendered = (threads.blocks() + format.leadBlocks) * format.blockFrames;
      return frame > rendered ? frame : undefined;
    },
    queueRoom() {
      const underWay = distance(Atomics.load(words, slotWord(0, POSITION)), log.position());
      return QUEUE_ENTRIES - threads.core('queued') - underWay;
    },
    async applied() {
      const target = log.position();
      const behind = (): boolean => {
        const position = Atomics.load(words, slotWord(0, POSITION));
        return position !== target && distance(position, target) < 0x4000_0000;
      };
      while (behind() && Atomics.load(words, STOP) === 0)
        await new Promise((resolve) => setTimeout(resolve, 2));
    },
  };
}

function homePort(home: string): HomePort {
  return {
    async writeNew(name, text) {
      const path = join(home, name);
      try {
        await writeFile(path, text, { flag: 'wx' });
        return succeed(path);
      } catch (error) {
        return fail({
          code: 'E_DISK',
          got: `${path}, which cannot be written (${(error as Error).message})`,
          allowed: 'a new file in the home of the engine',
          mend: 'Nothing was written. Try again, or look at the disk.',
        });
      }
    },
  };
}

interface Running {
  readonly options: EngineOptions;
  readonly threads: RunThreads;
  readonly output: Output;
  readonly runFolder: string;
  readonly started: Date;
}

function status({ options, threads, output, runFolder, started }: Running): object {
  const { sampleRate, blockFrames } = options;
  const blocks = threads.blocks();
  const { worstMicros, busyMillis } = threads.load();
  const playedMs = (blocks * blockFrames * 1000) / sampleRate;
  const queueFrames = (leadBlocks(options) + 1 + output.queueBlocks) * blockFrames;
  const db = (amp: number): number | null => (amp > 0 ? Number((20 * Math.log10(amp)).toFixed(1)) : null);
  return {
    engine: ENGINE_VERSION,
    pid: process.pid,
    uptime_s: Math.round((Date.now() - started.getTime()) / 1000),
    sample_rate: sampleRate,
    block_frames: blockFrames,
    frame: blocks * blockFrames,
    blocks,
    late_blocks: threads.lateBlocks(),
    load: playedMs > 0 ? Number((busyMillis / playedMs).toFixed(4)) : 0,
    worst_block_us: worstMicros,
    // From the arrival of a message to the sample it changes, at most; with the device queue and what the modules delay.
    latency: {
      lead_blocks: leadBlocks(options),
      queue_frames: queueFrames,
      rig_frames: RIG_LATENCY_FRAMES,
      total_ms: Number((((queueFrames + RIG_LATENCY_FRAMES) * 1000) / sampleRate).toFixed(2)),
    },
    levels: {
      peak_db: db(threads.coreFloat('masterPeak')),
      rms_db: db(Math.sqrt(threads.coreFloat('masterPower'))),
      voice_peaks_db: Array.from({ length: options.voices }, (_, i) => db(threads.coreFloat('voicePeak', i))),
    },
    sounding_groups: threads.core('sounding'),
    poisoned_voices: threads.core('poisoned'),
    queued_commands: threads.core('queued'),
    dropped_commands: threads.core('queueDropped'),
    device: { name: output.name, ...output.status() },
    slots: [{ slot: 'A', state: 'active', blocks }],
    journal: runFolder,
    // User and system time of the whole process so far.
    cpu_ms: Math.round((process.cpuUsage().user + process.cpuUsage().system) / 1000),
    memory_mb: Math.round(process.memoryUsage.rss() / 1e6),
  };
}
