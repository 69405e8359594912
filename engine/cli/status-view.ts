/** `/engine/status` on one screen, for people. Pure. */

export interface StatusDocument {
  readonly engine: string;
  readonly pid: number;
  readonly uptime_s: number;
  readonly sample_rate: number;
  readonly block_frames: number;
  readonly frame: number;
  readonly late_blocks: number;
  readonly load: number;
  readonly worst_block_us: number;
  readonly voices: number;
  readonly latency: { readonly total_ms: number; readonly lead_blocks: number };
  readonly levels: {
    readonly peak_db: number | null;
    readonly rms_db: number | null;
    readonly voice_peaks_db: readonly (number | null)[];
  };
  readonly device: { readonly name: string };
  readonly slots: readonly SlotState[];
  readonly promotions: {
    readonly count: number;
    readonly last: {
      readonly block: number;
      readonly from: string;
      readonly to: string;
      readonly cause: string;
    } | null;
  };
  readonly bypassed: readonly { readonly module: string; readonly strikes: number; readonly why: string }[];
  readonly faults: readonly { readonly kind: string; readonly text: string }[];
  readonly sequencer: {
    readonly bpm: number;
    readonly swing: number;
    readonly running: boolean;
    readonly step: number;
    readonly tracks: number;
    readonly load_pending: boolean;
  };
  readonly recorder: { readonly takes: readonly RunningTake[] };
  readonly control: Readonly<Record<'received' | 'unknown' | 'refused' | 'clamped', number>>;
  readonly memory_mb: number;
}

export interface SlotState {
  readonly slot: string;
  readonly state: string;
  readonly frame: number;
  readonly workers: number;
}

export interface RunningTake {
  readonly id: string;
  readonly state: string;
  readonly path: string;
  readonly seconds: number;
  readonly lostBlocks: number;
}

export function statusView(status: StatusDocument): string {
  const { sequencer, levels, latency, control, recorder } = status;
  const seconds = status.frame / status.sample_rate;
  const percent = (status.load * 100).toFixed(1);
  const voices = levels.voice_peaks_db.flatMap((peak, i) =>
    peak === null ? [] : [`${i + 1}: ${peak.toFixed(0)}`],
  );
  const rows: [string, string][] = [
    ['engine', `${status.engine}, pid ${status.pid}, up ${clock(status.uptime_s)}, ${status.memory_mb} MB`],
    ['device', `${status.device.name}, ${status.sample_rate} Hz, blocks of ${status.block_frames}`],
    ['played', `${clock(seconds)} (frame ${status.frame}), late blocks ${status.late_blocks}`],
    ['load', `${percent} %, worst block ${status.worst_block_us} us`],
    ['latency', `${latency.total_ms} ms (${latency.lead_blocks} blocks ahead)`],
    ['slots', slotsLine(status.slots)],
    ['promoted', promotionLine(status.promotions)],
    ...bypassLines(status.bypassed).map((line, i): [string, string] => [i === 0 ? 'bypassed' : '', line]),
    ...faultLines(status.faults).map((line, i): [string, string] => [i === 0 ? 'faults' : '', line]),
    ['level', `peak ${db(levels.peak_db)}, RMS ${db(levels.rms_db)}`],
    [
      'voices',
      `${status.voices}${voices.length > 0 ? `, peaks in dBFS ${voices.join('  ')}` : ', all silent'}`,
    ],
    ['sequencer', sequencerLine(sequencer)],
    ...takeLines(recorder.takes).map((line, i): [string, string] => [i === 0 ? 'takes' : '', line]),
    [
      'messages',
      `${control.received} received, ${control.clamped} warned of, ${control.refused} refused, ${control.unknown} unknown`,
    ],
  ];
  return rows.map(([name, text]) => `${name.padEnd(10)} ${text}`).join('\n');
}

/** A: active at frame 12345 ... A worker that had to be replaced is counted. */
function slotsLine(slots: readonly SlotState[]): string {
  return slots
    .filter(({ state }) => state !== 'empty')
    .map(({ slot, state, frame, workers }) => {
      const at = state === 'active' || state === 'standby' ? ` at frame ${frame}` : '';
      return `${slot}: ${state}${at}${workers > 1 ? ` (worker ${workers})` : ''}`;
    })
    .join(', ');
}

function promotionLine({ count, last }: StatusDocument['promotions']): string {
  if (!last) return 'never';
  return `${count} times, last from ${last.from} to ${last.to} at block ${last.block} (${last.cause})`;
}

function bypassLines(bypassed: StatusDocument['bypassed']): string[] {
  return bypassed.length === 0 ? ['nothing'] : bypassed.map(({ module, why }) => `${module}: ${why}`);
}

/** What a person should know of; takeovers that nobody can hear are not listed. */
function faultLines(faults: StatusDocument['faults']): string[] {
  const worth = faults.filter(({ kind }) => kind !== 'promoted' && kind !== 'restored').slice(-3);
  return worth.length === 0 ? ['none'] : worth.map(({ text }) => text);
}

function sequencerLine({
  running,
  step,
  bpm,
  swing,
  tracks,
  load_pending,
}: StatusDocument['sequencer']): string {
  const waiting = load_pending ? ', a pattern waits for the bar' : '';
  return `${running ? `runs, step ${step}` : 'stopped'}, ${bpm} BPM, swing ${swing}, tracks ${tracks}${waiting}`;
}

export function takeLines(takes: readonly RunningTake[]): string[] {
  if (takes.length === 0) return ['none'];
  return takes.map(({ id, state, path, seconds, lostBlocks }) => {
    const lost = lostBlocks > 0 ? `, LOST ${lostBlocks} blocks` : '';
    return `${id}: ${state}, ${clock(seconds)}, ${path}${lost}`;
  });
}

export function db(value: number | null): string {
  return value === null ? 'silence' : `${value.toFixed(1)} dBFS`;
}

/** h:mm:ss */
export function clock(seconds: number): string {
  const [s, m, h] = [seconds % 60, (seconds / 60) % 60, seconds / 3600].map(Math.floor) as [
    number,
    number,
    number,
  ];
  return `${h}:${String(m).padStart(2, '0')}:${String(s).padStart(2, '0')}`;
}
