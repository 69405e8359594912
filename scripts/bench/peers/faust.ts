/** Faust: its own library, compiled with what this machine's compiler can do. Compiling is not counted. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { isThere, ran } from './measure.js';
import {
  ampOf,
  CEILING,
  DELAY,
  ENVELOPE,
  FILTER,
  HELD,
  PERIOD,
  RATE,
  REVERB,
  SENDS,
  type Peer,
} from './patch.js';

export const faust: Peer = {
  name: 'Faust',
  doc: 'os.sawtooth, fi.resonlp with constant coefficients, en.adsr; g++ -O3 -march=native -ffast-math; mono voices; freeverb, limiter',
  missing() {
    if (!isThere('faust', '--version')) return 'no faust (Debian: faust)';
    return isThere('g++', '--version') ? undefined : 'faust without g++';
  },
  prepare({ voices, seconds }, folder, out) {
    const path = `${folder}/faust-${voices}`;
    const command = [`${path}/patch`, String(seconds), out];
    if (existsSync(`${path}/patch`)) return command;
    mkdirSync(path, { recursive: true });
    const { attack, decay, sustain, release } = ENVELOPE;
    writeFileSync(
      `${path}/patch.dsp`,
      `import("stdfaust.lib");
period = int(${PERIOD}*ma.SR);
gate = (+(1)~_) : -(1) : %(period) : <(int(${HELD}*ma.SR));
voice(i) = os.sawtooth(55*2^(4*ma.frac(i*0.618034)))*${ampOf(voices)} : fi.resonlp(${FILTER.hz}, ${FILTER.q}, 1) : *(en.adsr(${attack},${decay},${sustain},${release},gate));
dry = par(i, ${voices}, voice(i)) :> _;
reverb = *(${SENDS.reverb}) <: re.stereo_freeverb(0.7+0.28*${REVERB.room}, 0.5, ${REVERB.damp}, 23) : *(0.1), *(0.1);
echo = *(${SENDS.delay}) : (+~(@(int(${DELAY.seconds}*ma.SR)-1) : *(${DELAY.feedback}))) : @(int(${DELAY.seconds}*ma.SR));
process = dry <: (_ <: _,_), reverb, (echo <: _,_) :> co.limiter_lad_stereo(0.005, ${CEILING}, 0.005, 0.05, 0.05);
`,
    );
    writeFileSync(`${path}/frame.cpp`, FRAME);
    ran(['faust', '-a', `${path}/frame.cpp`, '-o', `${path}/patch.cpp`, `${path}/patch.dsp`]);
    ran(['g++', '-O3', '-march=native', '-ffast-math', '-o', `${path}/patch`, `${path}/patch.cpp`]);
    return command;
  },
};

/** What calls the generated class: no interface, blocks of 64 frames, a WAV file of floats. */
const FRAME = `#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <algorithm>
#include <vector>
#ifndef FAUSTFLOAT
#define FAUSTFLOAT float
#endif
struct Meta { void declare(const char*, const char*) {} };
struct Soundfile;
struct UI {
  void openTabBox(const char*) {} void openHorizontalBox(const char*) {} void openVerticalBox(const char*) {} void closeBox() {}
  void addButton(const char*, FAUSTFLOAT*) {} void addCheckButton(const char*, FAUSTFLOAT*) {}
  void addVerticalSlider(const char*, FAUSTFLOAT*, FAUSTFLOAT, FAUSTFLOAT, FAUSTFLOAT, FAUSTFLOAT) {}
  void addHorizontalSlider(const char*, FAUSTFLOAT*, FAUSTFLOAT, FAUSTFLOAT, FAUSTFLOAT, FAUSTFLOAT) {}
  void addNumEntry(const char*, FAUSTFLOAT*, FAUSTFLOAT, FAUSTFLOAT, FAUSTFLOAT, FAUSTFLOAT) {}
  void addHorizontalBargraph(const char*, FAUSTFLOAT*, FAUSTFLOAT, FAUSTFLOAT) {}
  void addVerticalBargraph(const char*, FAUSTFLOAT*, FAUSTFLOAT, FAUSTFLOAT) {}
  void declare(FAUSTFLOAT*, const char*, const char*) {}
};
struct dsp { virtual ~dsp() {} };
<<includeIntrinsic>>
<<includeclass>>
static void four(FILE* f, uint32_t x) { fwrite(&x, 4, 1, f); }
static void two(FILE* f, uint16_t x) { fwrite(&x, 2, 1, f); }
int main(int count, char** args) {
  (void)count;
  const long frames = lround(atof(args[1]) * ${RATE});
  FILE* f = fopen(args[2], "wb");
  if (!f) return 1;
  fputs("RIFF", f); four(f, 36 + frames * 8); fputs("WAVEfmt ", f); four(f, 16);
  two(f, 3); two(f, 2); four(f, ${RATE}); four(f, ${RATE} * 8); two(f, 8); two(f, 32);
  fputs("data", f); four(f, frames * 8);
  mydsp* patch = new mydsp();
  patch->init(${RATE});
  float left[64], right[64], both[128];
  float* outputs[2] = { left, right };
  for (long at = 0; at < frames; at += 64) {
    const int n = (int)std::min(64L, frames - at);
    patch->compute(n, nullptr, outputs);
    for (int i = 0; i < n; i++) { both[2 * i] = left[i]; both[2 * i + 1] = right[i]; }
    fwrite(both, 8, n, f);
  }
  return fclose(f);
}
`;
