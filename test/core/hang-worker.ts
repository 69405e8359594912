/** A core in which one unit never returns. */
import { parentPort, workerData } from 'node:worker_threads';
import { encodeEntry, ENTRY_WORDS, NOW } from '../../engine/shared/command.js';
import { compileCore, CoreHost } from '../../engine/slot/core-host.js';

const { memory, unit } = workerData as { memory: WebAssembly.Memory; unit: number };
const core = new CoreHost({ module: compileCore(), memory, sampleRate: 48000, voices: 8, blockFrames: 256 });
const entry = new Int32Array(ENTRY_WORDS);
encodeEntry({ command: { kind: 'chaos', fault: 'hang', subject: unit }, when: NOW, source: 0 }, entry, 0);
parentPort?.postMessage(core.exports.crumbAddress());
core.render(entry, 0, 1);
