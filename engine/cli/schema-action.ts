import { schema, type Schema } from '../registry/schema.js';
import { succeed } from '../shared/outcome.js';
import { NUMBER_OPTIONS } from '../supervisor/options.js';
import { homeOf, wantsJson, type Flags } from './flags.js';
import { connect } from './osc-client.js';
import { give } from './output.js';
import { schemaView } from './schema-view.js';

export async function printSchema(flags: Flags): Promise<void> {
  const document = await find(homeOf(flags));
  give(succeed({ document, text: schemaView(document) }), wantsJson(flags));
}

/** That of the running engine; where none answers it is derived from the tables here, for as many voices. */
async function find(home: string): Promise<Schema> {
  const engine = await connect(home);
  if (!engine.ok) return schema(NUMBER_OPTIONS.find(({ name }) => name === 'voices')?.default ?? 16);
  const answer = await engine.value.request('/engine/schema');
  engine.value.close();
  return answer.ok ? (answer.value as Schema) : schema(engine.value.engine.voices);
}
