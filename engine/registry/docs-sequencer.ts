/** How tracks, notes and tempo are written and what becomes of them. Part of docs/OSC.md. */
import { MAX_RATCHET, MAX_STEPS } from '../shared/steps.js';
import { ACCENT_VELOCITY, MAX_LOCKS, MAX_NOTES, NORMAL_VELOCITY, TRACKS } from '../shared/track.js';

export function sequencerPart(): string[] {
  return `## Tracks

A bar has 16 steps of a sixteenth. Up to ${TRACKS} tracks; every track loops on its own length against the common steps.

| In a pattern | Meaning |
|---|---|
| \`X\` | accent: velocity ${ACCENT_VELOCITY}, and the accent of acid1 where it stands on the voice |
| \`x\` | hit: velocity ${NORMAL_VELOCITY} |
| \`.\` \`-\` blank | rest; so is every other character, with a \`/warn\` that names its place |
| \`_\` | tie: the note before goes on through this step, to its part (\`gate_frac\`) of the last tied step |
| \`x?50\`, \`x?\` | played in 50 % of the rounds; \`/seq/seed\` makes chance repeatable |
| \`x*3\` | ratchet: 2 to ${MAX_RATCHET} hits of one pitch in the time of the step |
| \`x(3,8)\`, \`x(3,8,2)\` | Euclid: 3 hits spread over 8 steps; begun 2 steps later in the cycle |

Behind an \`X\` or \`x\` they combine: \`X*2?75\`, \`x?50(5,8)\`. A pattern has 1 to ${MAX_STEPS} steps.

- **Notes** (up to ${MAX_NOTES}) go round, one to a hit. Blanks and commas separate. Names (\`C4\` = 60, \`F#2\`, \`bb3\`); a whole number
  above 127 is Hz; 0 to 127 is MIDI, unless the same list holds a number with a decimal point or one above 127: then all
  numbers are Hz; \`49hz\` is always Hz.
- **A hit** writes what the track was given into its voice (level, cutoff, sends), sets the pitch, adds
  accent_boost x (velocity - 0.5) to the cutoff, and opens the gate for gate_frac of a step, exactly. What a track was not
  given, the voice keeps; a later \`/mod\` holds until the track is given the value again.
- **Two tracks on one voice**: the later note has the voice; the end of the earlier one does not cut it.
- **Division** is the length of a step in sixteenths: 2, 1/2, 4/3. \`length\` is the number of steps after which the track begins
  again. **Mute** and **solo** silence, also the note that sounds; the track goes on in its steps and notes.
- **Swing** delays the off-beats by 0.5 x swing x step and keeps the tempo; steps of other divisions are as late as their place
  between the beats.
- **Locks** (up to ${MAX_LOCKS} to a track) hold a parameter from their step to the next step that hits or has locks of its own; then
  what was before comes back. A \`/mod\` meanwhile stays.
- **When**: edits act at once, or with the time tag of their bundle; \`at=step\` with the next step, \`at=bar\` with the next bar. A
  stop makes real what waits.
- **Tempo** is kept to a thousandth. A ramp is a straight line in time that lasts as long as its beats take on it: frame n of F
  has the tempo b0 + (b1 - b0) n / F. Positions are whole numbers; nothing drifts.
- **Stop** and \`/engine/panic\` close every voice in 5 ms, from any state; panic empties reverb and delay too, and
  takes away the gates, notes and starts that wait for their time tags, where it has none itself.
`.split('\n');
}
