/** What a person names when asked for a pattern: SOURCE on the command line. */
import { nearest } from '../shared/nearest.js';
import { fail, show, type Outcome } from '../shared/outcome.js';
import { findInLibrary, libraryFiles, packageLibrary } from './library.js';
import { readSlotFile, type Loaded } from './read-file.js';

/** Where slots come from: a PatternStore. */
export interface SlotSource {
  load(slot: string): Promise<Outcome<Loaded>>;
}

/**
 * A slot number, the path of a .json file (from the working directory) or the name of a library pattern, tried in
 * this order. Refuses as store.load does, a file that cannot be read (E_DISK, or as parseSlotBytes) and an unknown
 * name (E_SOURCE).
 */
export async function resolveSource(
  store: SlotSource,
  source: string | number,
  library?: string,
): Promise<Outcome<Loaded>> {
  const text = String(source).trim();
  if (/^-?\d+(\.\d+)?$/.test(text)) return store.load(text);
  if (/\.json$/i.test(text)) return readSlotFile(text);
  const files = await libraryFiles(library ?? packageLibrary());
  const file = findInLibrary(files, text);
  if (file) return readSlotFile(file.path);
  const names = files.map(({ name }) => name);
  return fail({
    code: 'E_SOURCE',
    got: show(text),
    allowed: `a slot number, a .json file or one of: ${names.join(', ')}`,
    mend: 'Nothing was loaded. Use one of these.',
    nearest: nearest(text, names),
  });
}
