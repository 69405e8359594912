import { compilePattern, isPattern } from '../control/pattern.js';
import { ROUTE_BY_ADDRESS } from '../registry/routes.js';
import { nearest } from '../shared/nearest.js';
import { fail, show, succeed, type Outcome } from '../shared/outcome.js';
import { fullAddress } from './address.js';
import type { OscClient } from './osc-client.js';
import type { Said } from './output.js';
import { saying } from './talk.js';
import { viewOf } from './views.js';

/** Queries, by the last part of their address: asking for anything else would do something. */
const QUERY = /\/(status|list|schema)$/;

export async function get(engine: OscClient, typedAddress: string): Promise<Outcome<Said>> {
  const address = fullAddress(typedAddress);
  const route = ROUTE_BY_ADDRESS.get(address);
  if (route) {
    if (!QUERY.test(address)) return fail(noQuery(address));
    return saying(await engine.request(address), (document) => ({
      document,
      text: viewOf(address, document),
    }));
  }
  if (isPattern(address)) return getMany(engine, address);
  const [, family, id, ...name] = address.split('/');
  if (family === 'mod' && id !== undefined && name.length === 0) return getModule(engine, id);
  if (family !== 'mod') return fail(noQuery(address));
  return saying(await engine.request(address), (value) => ({
    document: { address, value },
    text: String(value),
  }));
}

type Values = Readonly<Record<string, Readonly<Record<string, number | string>>>>;

async function list(engine: OscClient): Promise<Outcome<Values>> {
  return (await engine.request('/engine/list')) as Outcome<Values>;
}

async function getModule(engine: OscClient, id: string): Promise<Outcome<Said>> {
  const listed = await list(engine);
  if (!listed.ok) return listed;
  const values = listed.value[id];
  if (values) return succeed({ document: { module: id, values }, text: lines(Object.entries(values)) });
  const ids = Object.keys(listed.value);
  return fail({
    code: 'E_MODULE',
    got: show(id),
    allowed: ids.join(', '),
    nearest: nearest(id, ids),
    mend: 'Use one of these, or a parameter as voice1/freq.',
  });
}

async function getMany(engine: OscClient, address: string): Promise<Outcome<Said>> {
  const listed = await list(engine);
  if (!listed.ok) return listed;
  const fits = compilePattern(address);
  const all = Object.entries(listed.value).flatMap(([id, values]) =>
    Object.entries(values).map(([name, value]): [string, number | string] => [`/mod/${id}/${name}`, value]),
  );
  const found = all.filter(([path]) => fits?.(path));
  if (found.length > 0)
    return succeed({ document: { values: Object.fromEntries(found) }, text: lines(found) });
  return fail({
    code: 'E_PATTERN',
    got: `${show(address)}, which fits no parameter`,
    allowed: 'a pattern of * ? [1-4] {a,b}, each within one part of an address: voice[1-4]/filter/*',
    mend: 'See the names with `chronus schema`.',
  });
}

function lines(entries: readonly (readonly [string, number | string])[]): string {
  const width = Math.max(...entries.map(([name]) => name.length));
  return entries.map(([name, value]) => `${name.padEnd(width)}  ${value}`).join('\n');
}

function noQuery(address: string) {
  return {
    code: 'E_QUERY',
    got: `${show(address)}, which is no question`,
    allowed: 'a parameter, a module, or an address that ends in status, list or schema',
    mend: `Nothing was sent. To send it, say \`chronus set ${address} VALUE\`, or use its own command (chronus --help).`,
  };
}
