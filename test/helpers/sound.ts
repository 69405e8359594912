/** Every figure and plot of a part of docs/sound.md as a test. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { plain } from '../../scripts/markdown.js';
import { sectionsIn } from '../../scripts/sound/document.js';
import type { SoundPart } from '../../scripts/sound/part.js';
import { svgOf } from '../../scripts/sound/svg.js';
import { ROOT } from './root.js';

const AGAIN = '`npm run sound -- --write` writes it again';

export function testSoundPart(part: SoundPart): void {
  const document = readFileSync(join(ROOT, 'docs', 'sound.md'), 'utf8');
  const section = sectionsIn(document).get(part.name) ?? { asked: [], pictures: [] };

  part.figures.forEach((figure, i) =>
    test(`${part.name}, figure ${i + 1} of docs/sound.md`, (t) => {
      const { claim, asked, measured, reached } = figure();
      t.diagnostic(`${claim}: ${measured} (asked: ${asked})`);
      assert.ok(reached, `${claim}: asked ${asked}, measured ${measured}`);
      // What was measured may differ with the seed; what is asked may not.
      assert.equal(section.asked[i], plain(asked), `docs/sound.md, ${part.name}, row ${i + 1}: ${AGAIN}`);
    }),
  );

  test(`${part.name}: docs/sound.md has its figures and plots, and no others`, () => {
    assert.equal(section.asked.length, part.figures.length, `rows: ${AGAIN}`);
    const pictures = part.plots.map((plot) => plot()).map((plot) => ({ plot, svg: svgOf(plot) }));
    assert.deepEqual(
      section.pictures,
      pictures.map(({ plot }) => `sound/${plot.name}.svg`),
      `pictures: ${AGAIN}`,
    );
    for (const at of section.pictures) assert.ok(existsSync(join(ROOT, 'docs', at)), `${at}: ${AGAIN}`);
  });
}
