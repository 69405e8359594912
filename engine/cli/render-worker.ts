/** A thread of `chronus render --jobs`: renders what it is told, one after the other. */
import { parentPort } from 'node:worker_threads';
import { fail } from '../shared/outcome.js';
import type { RenderNews } from './render-jobs.js';
import { renderOne, type RenderTask } from './render-one.js';

const say = (news: RenderNews): void => parentPort?.postMessage(news);

parentPort?.on('message', (task: RenderTask) => {
  renderOne(task, (share) => say({ kind: 'share', share })).then(
    (outcome) => say({ kind: 'end', outcome }),
    (error: unknown) => {
      const got = error instanceof Error ? (error.stack ?? error.message) : String(error);
      const mend = 'This is a defect of the program. Please report it with this text.';
      say({ kind: 'end', outcome: fail({ code: 'E_INTERNAL', got, allowed: 'no such error', mend }) });
    },
  );
});
