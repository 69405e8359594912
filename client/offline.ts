/**
 * An engine without sound card, threads or ports: the real control plane and the real core in this thread, on a clock that
 * stands until somebody waits. A program that plays live plays here the same, as fast as the machine can:
 *
 *      const synth = await offline({ home: 'somewhere' });
 *      await play(synth);
 *
 * `synth.record` writes takes as it does live. Two runs of one program give the same samples.
 */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createControl } from '../engine/control/dispatch.js';
import { Session } from '../engine/control/session.js';
import { fillFromFactory } from '../engine/patterns/factory.js';
import { PatternStore } from '../engine/patterns/store.js';
import { succeed } from '../engine/shared/outcome.js';
import { ChronusError } from './errors.js';
import { OfflineEngine } from './offline-engine.js';
import { OfflineRecorder } from './offline-recorder.js';
import { Synth } from './synth.js';
import type { Clock, Transport } from './transport.js';

export interface OfflineOptions {
  /** Slot files and takes go there. Default: a new temporary folder. */
  readonly home?: string;
  /** Default 48000 Hz. */
  readonly sampleRate?: number;
  /** 1 to 256; default 16. */
  readonly voices?: number;
  /** 64 to 2048 frames, a multiple of 16; default 256. */
  readonly blockFrames?: number;
  /** Gets the commands of each block that has any, as the journal of a live run holds them; a copy. */
  readonly onCommands?: (words: Int32Array, block: number) => void;
  /** Gets every block as it is rendered, interleaved stereo; the array is used again. */
  readonly onBlock?: (samples: Float32Array, frames: number) => void;
}

export interface OfflineSynth extends Synth {
  readonly home: string;
  /** Frames rendered so far. */
  readonly frames: number;
}

/** 2 January 2026: the clock of every offline run begins there. */
const EPOCH_MS = Date.UTC(2026, 0, 2);
/** The program looks at what has come (steps, answers) at least so often, in music time. */
const LOOK_MS = 10;

/** Throws what the core throws for rates and voices it does not take, and ChronusError E_HOME. */
export async function offline(options: OfflineOptions = {}): Promise<OfflineSynth> {
  const { sampleRate = 48000, voices = 16, blockFrames = 256, onBlock, onCommands } = options;
  const home = options.home ?? mkdtempSync(join(tmpdir(), 'chronus-offline-'));
  const engine = new OfflineEngine({
    sampleRate,
    voices,
    blockFrames,
    epochMs: EPOCH_MS,
    ...(onCommands && { onCommands }),
  });
  const filled = await fillFromFactory(home);
  if (!filled.ok) throw new ChronusError(filled.error);
  const now = (): Date => new Date(engine.nowMs());
  const recorder = new OfflineRecorder(join(home, 'recordings'), sampleRate, () => engine.frame, now);
  const control = createControl(
    {
      session: new Session(engine, voices),
      engine,
      recorder,
      patterns: new PatternStore(home, () => engine.nowMs()),
      home: { writeNew: (name) => Promise.resolve(succeed(join(home, name))) },
      now,
    },
    {
      onDefect: (defect) => {
        throw defect;
      },
    },
  );
  const transport: Transport = {
    name: 'the offline engine',
    windowBytes: Infinity,
    send: (packet) => control.receive(packet, { key: 'offline', send: (bytes) => transport.onPacket(bytes) }),
    close: () => recorder.close(),
    onPacket: () => {},
    onGone: () => {},
    onBack: () => {},
  };
  const clock: Clock = {
    now: () => engine.nowMs(),
    async until(ms) {
      const end = engine.framesAt(ms);
      do {
        synth.flush();
        await control.idle();
        const look = Math.min(end, engine.frame + (LOOK_MS * sampleRate) / 1000);
        while (engine.frame < look) {
          engine.render();
          recorder.take(engine.output, blockFrames);
          onBlock?.(engine.output, blockFrames);
        }
        engine.tellSteps((address, args) => control.publish(address, args));
      } while (engine.frame < end);
    },
  };
  const synth: Synth = new Synth(transport, clock);
  return Object.defineProperties(synth, {
    home: { value: home },
    frames: { get: () => engine.frame },
  }) as OfflineSynth;
}
