import assert from 'node:assert/strict';

/** Each tag is closed in its turn, each number is one, nothing is left bare that XML does not allow. */
export function wellFormed(svg: string): void {
  const open: string[] = [];
  const tags = /<(\/?)([a-zA-Z]+)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>/g;
  for (const [, end, name = '', attributes = '', empty] of svg.matchAll(tags)) {
    if (end) assert.equal(open.pop(), name, `</${name}> closes another tag`);
    else if (!empty) open.push(name);
    if (name === 'path') assert.match(attributes, /\bd="[MLhV0-9. -]+"/);
  }
  assert.deepEqual(open, [], 'tags that stay open');
  const between = svg.replaceAll(tags, '');
  assert.doesNotMatch(between, /[<>]|&(?!(amp|lt|gt|quot);)/);
  assert.doesNotMatch(svg, /NaN|Infinity|undefined|null/);
  assert.match(svg, /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" viewBox="0 0 \d+ \d+"/);
}
