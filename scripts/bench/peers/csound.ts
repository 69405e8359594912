/** Csound: vco2, lowpass2 and madsr as they are used in its manual; freeverb, a delay line, dam. */
import { writeFileSync } from 'node:fs';
import { isThere } from './measure.js';
import {
  ampOf,
  CEILING,
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

export const csound: Peer = {
  name: 'Csound',
  doc: 'vco2, lowpass2 at control rate (64 frames), madsr; mono voices; freeverb, delay, dam',
  missing: () => (isThere('csound', '--version') ? undefined : 'no csound (Debian: csound)'),
  prepare({ voices, seconds }, folder, out) {
    const path = `${folder}/patch-${voices}-${seconds}.csd`;
    const { attack, decay, sustain, release } = ENVELOPE;
    const notes: string[] = [];
    for (let at = 0; at < seconds; at += PERIOD)
      for (let v = 0; v < voices; v++)
        notes.push(`i 1 ${at} ${Math.min(HELD, seconds - at)} ${pitchOf(v).toFixed(4)}`);
    writeFileSync(
      path,
      `<CsoundSynthesizer>
<CsOptions>
-d -m0 -W -3
</CsOptions>
<CsInstruments>
sr=${RATE}
ksmps=64
nchnls=2
0dbfs=1
gaDry init 0
gaReverb init 0
gaDelay init 0
instr 1
kenv madsr ${attack},${decay},${sustain},${release}
kcutoff = ${FILTER.hz}
kq = ${FILTER.q}
asaw vco2 ${ampOf(voices)}, p4
alow lowpass2 asaw, kcutoff, kq
aout = alow*kenv
gaDry += aout
gaReverb += aout*${SENDS.reverb}
gaDelay += aout*${SENDS.delay}
endin
instr 99
aL, aR freeverb gaReverb, gaReverb, ${REVERB.room}, ${REVERB.damp}
atap delayr ${DELAY.seconds}
delayw gaDelay + atap*${DELAY.feedback}
aleft dam gaDry+aL+atap, ${CEILING}, 0.05, 1, 0.005, 0.05
aright dam gaDry+aR+atap, ${CEILING}, 0.05, 1, 0.005, 0.05
outs aleft, aright
clear gaDry, gaReverb, gaDelay
endin
</CsInstruments>
<CsScore>
i 99 0 ${seconds}
${notes.join('\n')}
e ${seconds}
</CsScore>
</CsoundSynthesizer>
`,
    );
    return ['csound', '-o', out, path];
  },
};
