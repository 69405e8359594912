/** `/engine/status`: the state of the engine as a document. Runs on: main thread. */
import type { Output } from '../device/output.js';
import { MODULES } from '../registry/modules.js';
import {
  ACTIVE,
  activeSlot,
  GENERATION,
  HEAD,
  LEAD,
  NEXT,
  SLOTS,
  slotWord,
  STANDBY,
  STATE,
  STATES,
} from '../shared/run-memory.js';
import { ENGINE_VERSION } from '../shared/version.js';
import type { FaultWatch } from './fault-watch.js';
import type { EngineOptions } from './options.js';
import { SLOT_NAMES } from './slot-keeper.js';
import type { RunThreads } from './threads.js';

/** Frames from a gate to the first sample of it: what the modules on the way declare. */
const RIG_LATENCY_FRAMES = MODULES.filter(({ level }) => level !== 'service').reduce(
  (sum, { latencyFrames }) => sum + latencyFrames,
  0,
);

export interface Running {
  readonly options: EngineOptions;
  readonly threads: RunThreads;
  readonly faults: FaultWatch;
  readonly output: Output;
  readonly runFolder: string;
  readonly started: Date;
}

export function status({ options, threads, faults, output, runFolder, started }: Running): object {
  const { sampleRate, blockFrames } = options;
  const blocks = threads.blocks();
  const { worstMicros, busyMillis } = threads.load();
  const playedMs = (blocks * blockFrames * 1000) / sampleRate;
  const leadBlocks = Atomics.load(new Int32Array(threads.run.control), LEAD);
  const queueFrames = (leadBlocks + 1 + output.queueBlocks) * blockFrames;
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
      lead_blocks: leadBlocks,
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
    slots: slotStates(threads),
    promotions: faults.promotions(),
    bypassed: faults.bypassed(),
    faults: faults.recent(),
    journal: runFolder,
    journal_status: threads.journal.status(),
    // User and system time of the whole process so far.
    cpu_ms: Math.round((process.cpuUsage().user + process.cpuUsage().system) / 1000),
    memory_mb: Math.round(process.memoryUsage.rss() / 1e6),
  };
}

/** What each slot is, how far it is, and how many workers it has had. */
function slotStates({ run, slots }: RunThreads): object[] {
  const control = new Int32Array(run.control);
  const active = activeSlot(Atomics.load(control, ACTIVE));
  const standby = Atomics.load(control, STANDBY);
  return Array.from({ length: SLOTS }, (_, slot) => {
    const word = (name: number): number => Atomics.load(control, slotWord(slot, name));
    const state = STATES[word(STATE)] ?? 'empty';
    const role = slot === active ? 'active' : slot === standby ? 'standby' : 'spare';
    return {
      slot: SLOT_NAMES[slot],
      // A standby that is being filled is none yet.
      state: state === 'ready' ? role : state,
      blocks: word(HEAD),
      frame: word(NEXT) * run.format.blockFrames,
      workers: word(GENERATION),
      failed_starts: slots.failures(slot),
    };
  });
}
