/**
 * pyo with the modules of the original Music Chronus: each voice computes its six waveforms at once and selects one, pitch
 * and filter are smoothed, the envelope bends, sends go to a Freeverb and a delay with two readers, and a compressor limits.
 */
import { writeFileSync } from 'node:fs';
import { isThere } from './measure.js';
import {
  ampOf,
  DELAY,
  ENVELOPE,
  FILTER,
  HELD,
  PERIOD,
  pitchOf,
  RATE,
  REVERB,
  SENDS,
  type Peer,
} from './patch.js';

/** Debian's own first: that is where its package is. */
const PYTHONS = ['/usr/bin/python3', 'python3'];
const python = (): string | undefined => PYTHONS.find((each) => hasPyo(each));

function hasPyo(command: string): boolean {
  return isThere('sh', '-c', `${command} -c 'import pyo' || exit 127`);
}

export const pyo: Peer = {
  name: 'pyo rig',
  doc: 'voices with six waveforms at once, SigTo, Adsr, Biquad; Freeverb, SmoothDelay, Compress; mono, blocks of 256',
  missing: () => (python() ? undefined : 'no pyo (Debian: python3-pyo)'),
  prepare({ voices, seconds }, folder, out) {
    const path = `${folder}/patch-${voices}-${seconds}.py`;
    const { attack, decay, sustain, release } = ENVELOPE;
    const pitches = Array.from({ length: voices }, (_, v) => pitchOf(v).toFixed(4));
    writeFileSync(
      path,
      `from pyo import *
s = Server(sr=${RATE}, nchnls=1, buffersize=256, duplex=0, audio="offline").boot()
s.recordOptions(dur=${seconds}, filename="${out}", fileformat=0, sampletype=1)
keep, envelopes, dry, to_reverb, to_delay = [], [], [], [], []
for hz in [${pitches.join(',')}]:
    freq = SigTo(hz, 0.02, hz)
    slid = Port(freq, risetime=0.00025, falltime=0.00025)
    env = Adsr(${attack}, ${decay}, ${sustain}, ${release}, 0, 1)
    env.setExp(0.75)
    amp = env * SigTo(${ampOf(voices)}, 0.02, ${ampOf(voices)})
    waves = [Osc(t, slid, mul=amp) for t in (HarmTable([1], 8192), SawTable(12, 8192), SquareTable(10, 8192))]
    waves += [Noise(amp * 0.7), PinkNoise(amp * 0.85), BrownNoise(amp)]
    chosen = Selector(waves, voice=1)
    chosen.setMode(1)
    low = Biquad(chosen, SigTo(${FILTER.hz}, 0.02, ${FILTER.hz}), SigTo(${FILTER.q}, 0.02, ${FILTER.q}), type=0)
    keep += [freq, slid, amp, waves, chosen]
    envelopes.append(env)
    dry.append(low)
    to_reverb.append(low * SigTo(${SENDS.reverb}, 0.02, ${SENDS.reverb}))
    to_delay.append(low * SigTo(${SENDS.delay}, 0.02, ${SENDS.delay}))
reverb = Freeverb(Mix(to_reverb, 1), size=${REVERB.room}, damp=${REVERB.damp}, bal=1, mul=0.3)
echo = SmoothDelay(Mix(to_delay, 1), delay=${DELAY.seconds}, feedback=${DELAY.feedback}, crossfade=0.05, maxdelay=1)
master = Mix([Mix(dry, 1), reverb, echo], 1)
limited = Compress(master, thresh=-3, ratio=20, risetime=0.005, falltime=0.05, lookahead=5, knee=0).out()
def off():
    for each in envelopes: each.stop()
def on():
    for each in envelopes: each.play()
    closing.play()
closing = Trig()
closing.stop()
late = SDelay(closing, ${HELD}, ${HELD})
end = TrigFunc(late, off)
notes = Pattern(on, ${PERIOD}).play()
s.start()
`,
    );
    return [python() ?? 'python3', path];
  },
};
