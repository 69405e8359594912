/** A plot as SVG: one file, no script, no font of its own, equal text for equal data. */
import type { Axis, Plot, Series } from './part.js';
import { thinned, type Pixel } from './thin.js';
import { shareOf, ticksOf } from './ticks.js';

const WIDTH = 760;
const LEFT = 66;
const RIGHT = 24;
const TOP = 46;
const HEIGHT = 340;
const INNER = WIDTH - LEFT - RIGHT;
const LEGEND_ROW = 20;
const LEGEND_LINE = 26;
/** Bytes; wider columns are taken until a picture is smaller. */
const LARGEST = 40_000;

/** Told apart with any kind of colour vision (Okabe and Ito), the darkest first. */
const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#8a6d00', '#56b4e9', '#6a3d9a', '#555555'];
const DASHES = ['5 4', '1.5 3', '10 4', '8 3 2 3'];

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
const fixed = (x: number): string => String(Number(x.toFixed(1)));
/** Pixels of a text at most, in the usual fonts without serifs. */
const textWidth = (text: string, size: number): number => text.length * size * 0.58;

interface Style {
  readonly label: string;
  readonly attributes: string;
}

/** Curves get a colour each, references a dash; equal labels look equal and are named once. */
function stylesOf(series: readonly Series[]): Map<Series, Style> {
  const seen = new Map<string, Style>();
  let [curves, references] = [0, 0];
  return new Map(
    series.map((each) => {
      const key = `${each.reference === true} ${each.label}`;
      const attributes = (): string =>
        each.reference
          ? `stroke="#222" stroke-width="1.3" stroke-dasharray="${DASHES[references++ % DASHES.length]}"`
          : `stroke="${COLOURS[curves++ % COLOURS.length]}" stroke-width="1.8"`;
      const style = seen.get(key) ?? { label: each.label, attributes: attributes() };
      seen.set(key, style);
      return [each, style];
    }),
  );
}

const xOf = (axis: Axis, value: number): number => LEFT + INNER * shareOf(axis, value);
const yOf = (axis: Axis, value: number): number => TOP + HEIGHT * (1 - shareOf(axis, value));

/** Far outside is as good as a little outside, and minus infinity is a level too. */
const within = (y: number): number => Math.max(TOP - HEIGHT, Math.min(TOP + 2 * HEIGHT, y));

function pixels(plot: Plot, { label, points }: Series): Pixel[] {
  return points.map(([x, y]) => {
    const at = [xOf(plot.x, x), within(yOf(plot.y, y))] as const;
    if (!Number.isFinite(at[0]) || Number.isNaN(at[1]))
      throw new Error(`plot ${plot.name}, series '${label}': (${x}, ${y}) is no point of its axes.`);
    return at;
  });
}

function grid({ x, y }: Plot): string {
  const bottom = TOP + HEIGHT;
  const line = (x1: number, y1: number, x2: number, y2: number, numbered: boolean): string =>
    `<path d="M${fixed(x1)} ${fixed(y1)}L${fixed(x2)} ${fixed(y2)}" stroke="${numbered ? '#d4d4d4' : '#eeeeee'}"/>\n`;
  const text = (at: string, anchor: string, what: string): string =>
    `<text ${at} text-anchor="${anchor}" fill="#444">${escaped(what)}</text>\n`;
  const columns = ticksOf(x, 9).map(({ at, text: what }) => {
    const px = xOf(x, at);
    const number = what && text(`x="${fixed(px)}" y="${bottom + 17}"`, 'middle', what);
    return line(px, TOP, px, bottom, what !== '') + number;
  });
  const rows = ticksOf(y, 8).map(({ at, text: what }) => {
    const py = yOf(y, at);
    const number = what && text(`x="${LEFT - 8}" y="${fixed(py + 4)}"`, 'end', what);
    return line(LEFT, py, WIDTH - RIGHT, py, what !== '') + number;
  });
  const middle = TOP + HEIGHT / 2;
  return [
    ...columns,
    ...rows,
    `<rect x="${LEFT}" y="${TOP}" width="${INNER}" height="${HEIGHT}" fill="none" stroke="#888"/>\n`,
    text(`x="${LEFT + INNER / 2}" y="${bottom + 37}"`, 'middle', x.label),
    text(`x="18" y="${middle}" transform="rotate(-90 18 ${middle})"`, 'middle', y.label),
  ].join('');
}

/** Below the picture, so that it never lies on a curve. */
function legend(styles: readonly Style[]): { readonly text: string; readonly rows: number } {
  let [row, x] = [0, LEFT];
  const entries = styles.map(({ label, attributes }) => {
    const width = LEGEND_LINE + 6 + textWidth(label, 12) + 18;
    if (x > LEFT && x + width > WIDTH) [row, x] = [row + 1, LEFT];
    const y = TOP + HEIGHT + 62 + row * LEGEND_ROW;
    const entry =
      `<path d="M${fixed(x)} ${y - 4}h${LEGEND_LINE}" fill="none" ${attributes}/>\n` +
      `<text x="${fixed(x + LEGEND_LINE + 6)}" y="${y}" fill="#222">${escaped(label)}</text>\n`;
    x += width;
    return entry;
  });
  return { text: entries.join(''), rows: row + 1 };
}

function drawn(plot: Plot, column: number): string {
  const styles = stylesOf(plot.series);
  // References last: a formula stays visible on the curve that meets it.
  const order = [...plot.series].sort((a, b) => Number(a.reference === true) - Number(b.reference === true));
  const lines = order.map((series) => {
    const points = thinned(pixels(plot, series), column).map(([x, y]) => `${fixed(x)} ${fixed(y)}`);
    return `<path d="M${points.join('L')}" fill="none" stroke-linejoin="round" ${styles.get(series)?.attributes}/>\n`;
  });
  const { text, rows } = legend([...new Set(styles.values())]);
  const height = TOP + HEIGHT + 54 + rows * LEGEND_ROW;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" font-family="Helvetica, Arial, sans-serif" font-size="12">
<title>${escaped(plot.title)}</title>
<rect width="${WIDTH}" height="${height}" rx="8" fill="#fff"/>
<text x="${LEFT}" y="28" font-size="14" font-weight="bold" fill="#222">${escaped(plot.title)}</text>
<clipPath id="inside"><rect x="${LEFT}" y="${TOP}" width="${INNER}" height="${HEIGHT}"/></clipPath>
${grid(plot)}<g clip-path="url(#inside)">
${lines.join('')}</g>
${text}</svg>
`;
}

/** Throws when a point is not a number, or the title too long for the picture. */
export function svgOf(plot: Plot): string {
  if (textWidth(plot.title, 14) > WIDTH - LEFT) throw new Error(`plot ${plot.name}: its title is too long.`);
  for (let column = 1; ; column++) {
    const svg = drawn(plot, column);
    if (svg.length <= LARGEST || column === 16) return svg;
  }
}
