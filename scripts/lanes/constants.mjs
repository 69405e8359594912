// Vectors of four equal numbers, made smaller: a `v128.const` takes 18 bytes of the file, a number spread over the lanes
// 8 at most, and compiled code is the same. The compiler's optimiser knows only the way there. About 3 KB of the core.
import binaryen from 'binaryen';
import { readFileSync, writeFileSync } from 'node:fs';

const EQUAL = /\(v128\.const i32x4 (0x[0-9a-f]{8}) \1 \1 \1\)/g;

const [, , file] = process.argv;
rewrite(file);

/** In place. Zero stays: a register is cleared faster than filled. */
function rewrite(file) {
  const module = binaryen.readBinary(readFileSync(file));
  module.setFeatures(binaryen.Features.All);
  const text = module.emitText();
  module.dispose();
  const smaller = binaryen.parseText(
    text.replace(EQUAL, (same, word) => (Number(word) === 0 ? same : `(i32x4.splat (i32.const ${word}))`)),
  );
  smaller.setFeatures(binaryen.Features.All);
  writeFileSync(file, smaller.emitBinary());
  smaller.dispose();
}
