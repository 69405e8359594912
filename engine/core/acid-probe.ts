/** For tests: the acid filter alone, with a stand-in for the voice whose place it takes. */
import { Header } from './cell.lane';
import { acidTick } from '../../modules/acid/kernel';
import { Voice, voiceField } from '../../modules/voice/state.lane';

const GROUP: usize = memory.data(4096, 64);

function set(field: usize, x: f32): void {
  store<f32>(voiceField(GROUP, 0, field), x);
}

/**
 * acidTick for a voice of level 1, all of it on the left and none in the sends, whose envelope stands at `env`; 0: it is
 * silent.
 */
export function acidTickAlone(p: usize, s: usize, frames: i32, sampleRate: f32, env: f32): void {
  changetype<Header>(GROUP).bypassed = 0;
  set(offsetof<Voice>('ampEnd'), 1);
  set(offsetof<Voice>('panLeftEnd'), 1);
  set(offsetof<Voice>('env'), env);
  set(offsetof<Voice>('envTarget'), env);
  set(offsetof<Voice>('envLeft'), <f32>1e9);
  acidTick(p, s, frames, sampleRate, GROUP, 0, 0, true);
}
