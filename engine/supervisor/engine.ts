/** One engine: threads, recorder, control plane and device put together. Runs on: main thread. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createRecorder } from '../../modules/recorder/service.js';
import { createControl, type Control } from '../control/dispatch.js';
import type { HomePort } from '../control/ports.js';
import { Session } from '../control/session.js';
import { stamp } from '../control/stamp.js';
import { listen, type Ears } from '../control/listen.js';
import { announceRecovered } from '../../modules/recorder/announce.js';
import { recoverTakes } from '../takes/recover.js';
import { openOutput } from '../device/output.js';
import { fillFromFactory } from '../patterns/factory.js';
import { resolveSource } from '../patterns/source.js';
import { PatternStore } from '../patterns/store.js';
import { fail, succeed, type Outcome } from '../shared/outcome.js';
import { LATE_BLOCKS } from '../shared/run-memory.js';
import { IDENTITY } from '../shared/process-identity.js';
import { ENGINE_VERSION } from '../shared/version.js';
import { startBroadcasts } from './broadcasts.js';
import { ClockNotes } from './clock-notes.js';
import { engineControl } from './engine-control.js';
import { faultLines } from './fault-lines.js';
import { FaultWatch, type FaultReport } from './fault-watch.js';
import { FrameClock } from './frame-clock.js';
import { lockHome, StartError, type EngineFile } from './home.js';
import { LogWriter } from './log-writer.js';
import { leadBlocks, type EngineOptions } from './options.js';
import { LeadKeeper } from './lead-keeper.js';
import { LoadWatch } from './load-watch.js';
import { status } from './status.js';
import { journaled, takeNews } from './takes.js';
import { startThreads } from './threads.js';

/** How often system time and frames are compared. */
const CLOCK_UPDATE_MS = 50;
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
  /** What happens in the ordinary way: a take begins or ends. One line. */
  readonly onNews?: (line: string) => void;
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
    standby: options.standby,
    chaos: options.chaos,
    sizes: { lookBackSeconds: options.lookBackSeconds },
    onTrouble: (what) => watch.report('trouble', what),
    onClockReplaced: (block, why) =>
      watch.report('clock', `The clock was replaced at block ${block}: ${why}.`),
  });
  ending.push(() => threads.stop());
  const say = faultLines(events.onNotice);
  let told: (report: FaultReport) => void = say;
  const watch: FaultWatch = new FaultWatch(threads, (report) => told(report));

  const log = new LogWriter(
    threads.run,
    () => threads.core('edits'),
    () => threads.blocks() * blockFrames,
  );
  const session = new Session(log, voices);
  const patterns = new PatternStore(home);
  orThrow(await fillFromFactory(home));
  const recorder = createRecorder({
    taps: { master: threads.run.tap },
    recordingsFolder: options.recordingsFolder,
    sampleRate,
    run: { runFolder, startBlock: 0 },
    engineVersion: ENGINE_VERSION,
    lookBackSeconds: options.lookBackSeconds,
    reserveBytes: options.reserveMb * 1e6,
    now: () => new Date(),
    late: { memory: threads.run.control, word: LATE_BLOCKS },
    publish: (address, args) => control.publish(address, args),
    ...journaled(threads.journal, home),
    ...takeNews(events.onNews ?? (() => undefined)),
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
  const times = new ClockNotes(clock, (note) => threads.journal.note(note));
  ending.push(() => times.tell(Date.now()));
  const loads = new LoadWatch(threads.run, (mark) => recorder.mark(mark));
  const lead = new LeadKeeper(threads.run, output, (text) => watch.report('lead', text));
  const timer = setInterval(() => {
    const blocks = threads.blocks();
    if (blocks > 0) clock.update(Date.now(), blocks * blockFrames);
    times.look(Date.now());
    watch.look();
    loads.look();
    lead.look();
  }, CLOCK_UPDATE_MS);
  ending.push(() => clearInterval(timer));
  const ears: { open?: Ears } = {};
  const describe = (): object => ({
    ...status({ options, threads, faults: watch, output, runFolder, started }),
    // udp_dropped above 0: somebody sends faster than the system's buffer holds; send bundles, or TCP.
    ...ears.open?.status(),
  });
  const engine = engineControl({ threads, log, session, clock, blockFrames, chaos: options.chaos, describe });
  const control = createControl(
    {
      session,
      engine,
      recorder,
      patterns,
      home: homePort(home),
      now: () => new Date(),
    },
    {
      onPlayer: (source, name) => threads.journal.note({ kind: 'player', source, name }),
      onUnknown: (address) =>
        events.onNotice(`Nobody answers to ${address.replace(/[^\x20-\x7e]/g, '?')}; its sender was told.`),
    },
  );
  told = (report) => {
    say(report);
    // The core has stopped it: what answers queries is told.
    if (report.left === 'sequencer') session.transport(false, { source: 0 });
    recorder.mark({ kind: report.kind, frame: report.frame, text: report.text });
    const args = [report.kind, report.text, JSON.stringify(report)];
    control.publish(
      '/engine/fault',
      args.map((value) => ({ type: 's', value })),
    );
  };
  const server = orThrow(await listen(control, { port: options.oscPort, host: options.oscHost }));
  ears.open = server;
  ending.push(() => server.close());
  threads.startClock(output.progress);
  const position = (): ReturnType<typeof engine.sequencerPosition> => engine.sequencerPosition();
  ending.push(startBroadcasts({ options, threads, control, position, recorder, onNotice: events.onNotice }));

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
  let stopping = false;
  ending.push(() => (stopping = true));
  void recoverTakes({
    recordingsFolder: options.recordingsFolder,
    home,
    told: (path, sentence) => {
      events.onNotice(sentence);
      announceRecovered((address, args) => control.publish(address, args), path, sentence);
    },
    ending: () => stopping,
  });
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
