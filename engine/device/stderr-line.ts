/** Most of what native audio code says on stderr concerns devices nobody asked for. */
const NOISE =
  /^\s*$|^ALSA lib |^Expression '|^(jack|Jack|Cannot connect to server|Cannot lock down|connect\(2\) call|attempt to connect|JackShm)|^\s+at |^Node\.js v|^PaAlsa|^\(node:\d+\)/;

/** The one line worth showing, at most 200 characters; undefined when all of it is noise. Pure. */
export function clearLine(stderr: string): string | undefined {
  const lines = stderr.split(/\r?\n/).filter((line) => !NOISE.test(line));
  return (lines.find((line) => /error|cannot|fail|unable|denied/i.test(line)) ?? lines[0])
    ?.trim()
    .slice(0, 200);
}
