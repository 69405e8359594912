/** Several sources at once: a pool of workers, each with a core of its own, so the bits are those of one by one. */
import { Worker } from 'node:worker_threads';
import { fail, type Outcome } from '../shared/outcome.js';
import { renderOne, type Rendered, type RenderTask } from './render-one.js';

/** What a worker says. */
export type RenderNews =
  | { readonly kind: 'share'; readonly share: number }
  | { readonly kind: 'end'; readonly outcome: Outcome<Rendered> };

export interface RenderWatch {
  /** The share of that task that is done, 0..1. */
  share(task: number, share: number): void;
  end(task: number, outcome: Outcome<Rendered>): void;
}

/**
 * Renders them all, at most `jobs` at once, each whatever becomes of the others; outcomes in the order of the tasks.
 * One by one they are rendered in this thread: a worker costs 50 ms of CPU.
 */
export async function renderAll(
  tasks: readonly RenderTask[],
  jobs: number,
  watch: RenderWatch,
): Promise<Outcome<Rendered>[]> {
  const outcomes = Array.from<Outcome<Rendered>>({ length: tasks.length });
  const left = [...tasks.entries()];
  const end = (task: number, outcome: Outcome<Rendered>): void => {
    outcomes[task] = outcome;
    watch.end(task, outcome);
  };
  const here = async (): Promise<void> => {
    for (const [task, what] of left) end(task, await renderOne(what, (share) => watch.share(task, share)));
  };
  const inWorker = async (): Promise<void> => {
    let worker: Worker | undefined;
    for (let next = left.shift(); next; next = left.shift()) {
      const [task, what] = next;
      worker ??= new Worker(new URL('./render-worker.js', import.meta.url));
      const outcome = await renderIn(worker, what, (share) => watch.share(task, share));
      if (!outcome) worker = undefined;
      end(task, outcome ?? died(what));
    }
    await worker?.terminate();
  };
  const atOnce = Math.min(jobs, tasks.length);
  await (atOnce <= 1 ? here() : Promise.all(Array.from({ length: atOnce }, inWorker)));
  return outcomes;
}

/** undefined: the worker died of it, for want of memory for example. */
function renderIn(
  worker: Worker,
  task: RenderTask,
  tell: (share: number) => void,
): Promise<Outcome<Rendered> | undefined> {
  return new Promise((resolve) => {
    const hear = (news: RenderNews): void => (news.kind === 'share' ? tell(news.share) : over(news.outcome));
    const fall = (): void => over();
    // Each by its name: a worker has listeners of its own.
    const over = (outcome?: Outcome<Rendered>): void => {
      worker.off('message', hear).off('error', fall).off('exit', fall);
      resolve(outcome);
    };
    worker.on('message', hear).on('error', fall).on('exit', fall);
    worker.postMessage(task);
  });
}

function died({ source, path }: RenderTask): Outcome<Rendered> {
  return fail({
    code: 'E_RENDER',
    got: `${source} to ${path} (its thread ended)`,
    allowed: 'what fits into the memory of this machine',
    mend: 'The others went on. Try it with --jobs 1.',
  });
}
