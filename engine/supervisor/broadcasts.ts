/**
 * What the engine tells without being asked: steps, takes under way, pictures of the sound, the status line for old
 * clients. Runs on: main thread; the sound depends on none of it.
 */
import { createSocket } from 'node:dgram';
import type { Recorder } from '../../modules/recorder/recorder.js';
import type { Control } from '../control/dispatch.js';
import { encode, int } from '../control/encode.js';
import type { EngineControl } from '../control/ports.js';
import { STATUS_FILE_MS, StatusFile } from '../control/status-file.js';
import { BAR_STEPS, StepWatch } from '../control/step-watch.js';
import { LEVELS, SPECTRUM, Viz, VIZ_LOOK_MS } from '../control/viz.js';
import type { EngineOptions } from './options.js';
import type { RunThreads } from './threads.js';

/** Shorter than the shortest step, of 50 ms at 300 BPM, by far. */
const STEP_LOOK_MS = 10;
const PROGRESS_MS = 1000;
const VIZ_HOST = '127.0.0.1';

export interface BroadcastParts {
  readonly options: Pick<EngineOptions, 'home' | 'sampleRate' | 'voices' | 'vizPort'>;
  readonly threads: RunThreads;
  readonly control: Control;
  readonly position: EngineControl['sequencerPosition'];
  readonly recorder: Recorder;
  readonly onNotice: (line: string) => void;
}

/** Begins; gives what ends it. */
export function startBroadcasts(parts: BroadcastParts): () => Promise<void> {
  const { recorder } = parts;
  const visualizer = startViz(parts);
  const status = statusFile(parts);
  const steps = new StepWatch();
  const timers = [
    setInterval(() => tellSteps(steps, parts), STEP_LOOK_MS),
    setInterval(() => visualizer.look(), VIZ_LOOK_MS),
    setInterval(() => status.look(), STATUS_FILE_MS),
    setInterval(() => recorder.report(), PROGRESS_MS),
  ];
  return async () => {
    timers.forEach(clearInterval);
    visualizer.close();
    await status.idle();
  };
}

function tellSteps(steps: StepWatch, { control, position }: BroadcastParts): void {
  if (!control.isHeard('/seq/step')) return steps.forget();
  for (const step of steps.look(position()))
    control.publish('/seq/step', [int(step), int(Math.floor(step / BAR_STEPS))]);
}

function startViz({ options, threads, control }: BroadcastParts): { look(): void; close(): void } {
  const { sampleRate, voices, vizPort } = options;
  const socket = createSocket('udp4').unref();
  // Nobody has to listen there.
  socket.on('error', () => {});
  const viz = new Viz({
    tap: threads.run.tap,
    sampleRate,
    voices,
    voicePeak: (voice) => threads.coreFloat('voicePeak', voice),
    wanted: () => vizPort > 0 || control.isHeard(LEVELS) || control.isHeard(SPECTRUM),
    send: (address, args) => {
      control.publish(address, args);
      if (vizPort > 0) socket.send(encode(address, args), vizPort, VIZ_HOST, () => {});
    },
  });
  return { look: () => viz.look(), close: () => socket.close() };
}

function statusFile({ options, threads, control, recorder, onNotice }: BroadcastParts): StatusFile {
  return new StatusFile({
    home: options.home,
    line: () => {
      const { messages, active, last } = control.gates;
      return {
        peak: threads.coreFloat('masterPeak'),
        messages,
        gates: active,
        last,
        recording: recorder.isRecording(),
      };
    },
    now: () => new Date(),
    onNotice,
  });
}
