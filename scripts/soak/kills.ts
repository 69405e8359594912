/** R127, R128: what a SIGKILL leaves of a take. */
import type { Figure, SoakPart } from './part.js';
import { random } from './random.js';
import { killWhileRecording, type TakeKills } from './take-kills.js';

const RATE = 48_000;
const milliseconds = (frames: number): string => `${((frames * 1000) / RATE).toFixed(1)} ms`;

/** A test of few kills tells the same with them. */
export function killFigures(result: TakeKills): Figure[] {
  const { kills, problems, programs, comparedFrames, wrongFrames } = result;
  return [
    {
      figure: `R127 SIGKILL at ${kills} random moments of a take: the file as it was left opens in other programs`,
      asked: 'all, in sox and ffprobe',
      measured: `${kills - new Set(problems.map((line) => line.split(':')[0])).size} without any fault in ${programs.join(' and ') || 'none (neither is there)'}; ${result.whileEnding} of them while the take was being ended; ${result.tooEarly} more came before there was a file`,
      reached: problems.length === 0 && programs.length > 0,
    },
    {
      figure:
        'R127 what such a file has lost, against the journal and what the engine said last, with the time since',
      asked: 'at most 1000 ms',
      measured: `worst ${milliseconds(result.worstLossFrames)}`,
      reached: result.worstLossFrames <= RATE,
    },
    {
      figure: 'R127 what is there is a prefix of the rendering from the journal, bit for bit',
      asked: '0 wrong frames',
      measured: `${wrongFrames} of ${comparedFrames} frames; ${result.beyondJournal} files end behind their journal, by at most ${milliseconds(result.worstUnknownFrames)}`,
      reached: wrongFrames === 0 && comparedFrames > 0,
    },
    {
      figure: 'R128 made whole from the journal, and identical with it',
      asked: 'all',
      measured: `${problems.length} problems${problems[0] === undefined ? '' : `, first ${problems[0]}`}; ${milliseconds(result.addedFrames)} added in all`,
      reached: problems.length === 0,
    },
  ];
}

export const kills: SoakPart = {
  name: 'kills',
  doc: 'engines that are killed while they record: the file opens, and is made whole',
  async run({ seed, quick, say }) {
    return killFigures(await killWhileRecording({ kills: quick ? 8 : 200, random: random(seed), say }));
  },
};
