/**
 * A process of its own that sends numbered datagrams: PORT RATE COUNT. What is due goes out in bursts of at most 64, as
 * often as the timer comes. At the end one line of JSON: how many were sent, how many the system refused, how long it took.
 */
import { createSocket } from 'node:dgram';
import { numbered } from './numbered.js';

const BURST = 64;
const [port = 0, rate = 0, count = 0] = process.argv.slice(2).map(Number);
const socket = createSocket('udp4');

socket.connect(port, '127.0.0.1', () => {
  const began = performance.now();
  let sent = 0;
  let refused = 0;
  let open = 0;
  const done = (error: Error | null): void => {
    open--;
    if (error) refused++;
  };
  const turn = (): void => {
    const due = Math.min(count, Math.floor(((performance.now() - began) * rate) / 1000));
    for (let i = 0; i < BURST && sent < due; i++) {
      open++;
      socket.send(numbered(sent++), done);
    }
    if (sent < due) setImmediate(turn);
    else if (sent < count) setTimeout(turn, 1);
    else end();
  };
  const end = (): void => {
    if (open > 0) return void setImmediate(end);
    const seconds = (performance.now() - began) / 1000;
    process.stdout.write(`${JSON.stringify({ sent, refused, seconds })}\n`);
    socket.close();
  };
  // Replies to what is refused are read and forgotten.
  socket.on('message', () => {});
  turn();
});
