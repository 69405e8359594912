/**
 * The four bus kernels as one module of their own, so that each can be driven and measured without the core.
 * Built as bus.simd.wasm and bus.scalar.wasm.
 */
export {
  distortionBytes,
  distortionInit,
  distortionProcess,
  distortionReset,
  distortionTick,
} from '../../modules/distortion/kernel';
export { reverbBytes, reverbInit, reverbProcess, reverbReset, reverbTick } from '../../modules/reverb/kernel';
export { delayBytes, delayInit, delayProcess, delayReset, delayTick } from '../../modules/delay/kernel';
export {
  limiterBytes,
  limiterInit,
  limiterProcess,
  limiterReset,
  limiterTick,
} from '../../modules/limiter/kernel';
export { acidBytes, acidGateOn, acidInit, acidMove, acidProcess, acidReset } from '../../modules/acid/kernel';
export { acidTickAlone } from './acid-probe';
