/** The control plane and one core, in virtual time: messages go in, blocks come out. */
import { createControl, type Control } from '../../engine/control/dispatch.js';
import { encode } from '../../engine/control/encode.js';
import { Session, type CommandSink } from '../../engine/control/session.js';
import { PatternStore } from '../../engine/patterns/store.js';
import type { Entry } from '../../engine/shared/command.js';
import { WAITING_EDITS } from '../../engine/shared/core-layout.js';
import { fail, succeed } from '../../engine/shared/outcome.js';
import { openRig, type Rig } from './core.js';

export interface Studio {
  readonly rig: Rig;
  readonly session: Session;
  readonly control: Control;
  /** Messages as a person writes them: `/seq/add kick voice1 x...`; numbers go as numbers. */
  send(...messages: string[]): void;
  render(frames: number): void;
  /** The words of each track the core has, as they are encoded. */
  tracks(): number[][];
}

class Log implements CommandSink {
  readonly waiting: Entry[] = [];
  written = 0;
  load: { serial: number; logEnd: number } | undefined;
  constructor(readonly rig: Rig) {}
  append(entries: readonly Entry[]): boolean {
    this.waiting.push(...entries);
    this.written += entries.length;
    return true;
  }
  position(): number {
    return this.written;
  }
  rendered(): number {
    return this.rig.frame;
  }
  editRoom(): number {
    const underWay = this.waiting.filter(({ when }) => when.at !== 'now').length;
    return WAITING_EDITS - this.rig.host.read('edits') - underWay;
  }
  committedLoad(): { serial: number; logEnd: number } | undefined {
    return this.load;
  }
}

export function openStudio(voices = 4): Studio {
  const rig = openRig({ voices });
  const log = new Log(rig);
  const session = new Session(log, voices);
  const none = () => Promise.resolve(succeed({}));
  const control = createControl({
    session,
    engine: {
      start: () => succeed(undefined),
      stop: () => succeed(undefined),
      status: () => ({}),
      sequencerPosition: () => ({
        running: rig.host.read('running') !== 0,
        step: rig.host.read('step'),
        bpm: 0,
      }),
      frameAt: () => undefined,
      lateMs: () => 0,
      queueRoom: () => 4096,
      mayFail: () => undefined,
      fault: () => succeed(undefined),
      unit: () => ({ bypassed: false, strikes: 0, stays: false }),
      applied: () => Promise.resolve(),
    },
    recorder: {
      start: none,
      stop: none,
      keep: none,
      cue: () => succeed({}),
      status: () => ({ recording: false }),
      list: none,
    },
    patterns: new PatternStore('/nowhere'),
    home: {
      writeNew: () =>
        Promise.resolve(fail({ code: 'E_DISK', got: 'no home', allowed: 'none', mend: 'None.' })),
    },
    now: () => new Date(0),
  });
  const take = (): void => {
    rig.receive(log.waiting.splice(0));
    const serial = rig.host.read('loadSerial');
    if (serial !== 0 && serial !== log.load?.serial) log.load = { serial, logEnd: log.written };
  };
  return {
    ...{ rig, session, control },
    send(...messages) {
      for (const message of messages) {
        const [address = '', ...words] = message.split(' ');
        const args = words.map((word) =>
          Number.isNaN(Number(word)) ? { type: 's', value: word } : { type: 'f', value: Number(word) },
        );
        control.receive(encode(address, args), { key: 'studio', send: () => {} });
      }
    },
    render(frames) {
      for (let left = frames; left > 0; left -= 480) {
        take();
        rig.render(Math.min(480, left), [], () => 480);
      }
    },
    tracks: () => rig.trackWords(),
  };
}
