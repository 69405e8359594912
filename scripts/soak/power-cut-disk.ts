/**
 * A disk that can lose its power. It records what the store does, step by step; any number of steps can then be played
 * onto an empty disk and the power cut: what was synced is there, and of what was not, any part may be.
 *
 *      content of a file   lost, half there or there, until the file is synced
 *      name in a folder    made, moved or gone, or not yet, until the folder is synced; a move within a folder is whole
 *
 * Names that were not synced are lost or kept each by itself: a real disk is never worse.
 */
import { dirname, join } from 'node:path';
import type { FileFacts, Files, NewFile } from '../../engine/patterns/files.js';

type Step =
  | { readonly kind: 'write'; readonly node: number; readonly bytes: Uint8Array }
  | { readonly kind: 'sync'; readonly node: number }
  | { readonly kind: 'names'; readonly folder: number; readonly changes: readonly NameChange[] }
  | { readonly kind: 'syncFolder'; readonly folder: number };

/** `node` undefined: the name goes. */
interface NameChange {
  readonly name: string;
  readonly node: number | undefined;
}

/** A folder has names, a file has bytes. */
interface Node {
  names?: Map<string, number>;
  bytes: Uint8Array;
}

const ROOT_NODE = 0;

/** What a cut does to a step that was not synced: 1 keeps it, 0 loses it; for a write 0.5 keeps the first half. */
export type Fate = 0 | 0.5 | 1;

export interface Weakness {
  /** Steps that are asked for and not done, to see that the model finds it. */
  readonly ignores?: 'sync' | 'syncFolder';
  /** A disk without a second name for a file. */
  readonly noLinks?: boolean;
}

export class PowerCutDisk implements Files {
  readonly steps: Step[] = [];
  readonly #nodes = new Map<number, Node>([[ROOT_NODE, { names: new Map(), bytes: new Uint8Array() }]]);
  #next = 1;
  /** The disk before the first step. */
  #start: (readonly [number, Node])[] = [[ROOT_NODE, { names: new Map(), bytes: new Uint8Array() }]];

  constructor(private readonly weakness: Weakness = {}) {}

  create(path: string): Promise<NewFile> {
    return this.#try(() => {
      const folder = this.#folder(dirname(path));
      if (this.#find(path) !== undefined) throw failure('EEXIST', path);
      const node = this.#newNode({ bytes: new Uint8Array() });
      this.#names(folder, [{ name: base(path), node }]);
      return {
        write: (content) => this.#try(() => this.#do({ kind: 'write', node, bytes: Buffer.from(content) })),
        sync: () => this.#try(() => this.#sync({ kind: 'sync', node })),
        close: () => Promise.resolve(),
      };
    });
  }

  read(path: string, most: number): Promise<Uint8Array> {
    return this.#try(() => this.#file(path).bytes.slice(0, most + 1));
  }

  facts(path: string): Promise<FileFacts> {
    return this.#try(() => ({ bytes: this.#file(path).bytes.length, modified: 0, isLink: false }));
  }

  sync(path: string): Promise<void> {
    return this.#try(() => {
      this.#file(path);
      this.#sync({ kind: 'sync', node: this.#find(path) as number });
    });
  }

  link(from: string, to: string): Promise<void> {
    return this.#try(() => {
      if (this.weakness.noLinks) throw failure('EPERM', to);
      if (this.#find(to) !== undefined) throw failure('EEXIST', to);
      this.#file(from);
      this.#names(this.#folder(dirname(to)), [{ name: base(to), node: this.#find(from) }]);
    });
  }

  rename(from: string, to: string): Promise<void> {
    return this.#try(() => {
      this.#file(from);
      const node = this.#find(from);
      const [source, target] = [this.#folder(dirname(from)), this.#folder(dirname(to))];
      const changes = [
        { name: base(from), node: undefined },
        { name: base(to), node },
      ];
      if (source === target) return this.#names(source, changes);
      // Between two folders nothing is one stroke.
      this.#names(source, changes.slice(0, 1));
      this.#names(target, changes.slice(1));
    });
  }

  remove(path: string): Promise<void> {
    return this.#try(() => {
      if (this.#find(path) !== undefined)
        this.#names(this.#folder(dirname(path)), [{ name: base(path), node: undefined }]);
    });
  }

  setTimes(): Promise<void> {
    return Promise.resolve();
  }

  names(folder: string): Promise<string[]> {
    return this.#try(() => [...(this.#nodes.get(this.#folder(folder))?.names?.keys() ?? [])]);
  }

  makeFolder(path: string): Promise<string | undefined> {
    return this.#try(() => {
      let first: string | undefined;
      const parts = path.split('/').filter(Boolean);
      for (let i = 1; i <= parts.length; i++) {
        const each = `/${parts.slice(0, i).join('/')}`;
        if (this.#find(each) !== undefined) continue;
        const node = this.#newNode({ names: new Map(), bytes: new Uint8Array() });
        this.#names(this.#folder(dirname(each)), [{ name: base(each), node }]);
        first ??= each;
      }
      return first;
    });
  }

  syncFolder(path: string): Promise<void> {
    return this.#try(() => this.#sync({ kind: 'syncFolder', folder: this.#folder(path) }));
  }

  /**
   * Plays the steps so far no more; the disk as it is now is where they begin. Only where all of them are synced, and
   * otherwise it does nothing.
   */
  forget(): void {
    if (this.loose(this.steps.length).length > 0) return;
    this.#start = [...this.#nodes].map(([node, { names, bytes }]) => [
      node,
      { ...(names && { names: new Map(names) }), bytes },
    ]);
    this.steps.length = 0;
  }

  /** Steps before `count` that were not synced before it. */
  loose(count: number): number[] {
    return Array.from({ length: count }, (_, i) => i).filter((i) => {
      const step = this.steps[i] as Step;
      const later = this.steps.slice(i + 1, count);
      if (step.kind === 'write')
        return !later.some((each) => each.kind === 'sync' && each.node === step.node);
      if (step.kind === 'names')
        return !later.some((each) => each.kind === 'syncFolder' && each.folder === step.folder);
      return false;
    });
  }

  isWrite(step: number): boolean {
    return this.steps[step]?.kind === 'write';
  }

  /** The disk after the power was cut behind the first `count` steps. `fateOf`: for each loose step. */
  cut(count: number, fateOf: ReadonlyMap<number, Fate>): PowerCutDisk {
    const left = new PowerCutDisk(this.weakness);
    left.#next = this.#next;
    for (const [number, { names }] of this.#nodes)
      left.#nodes.set(number, { ...(names && { names: new Map() }), bytes: new Uint8Array() });
    for (const [number, { names, bytes }] of this.#start)
      left.#nodes.set(number, { ...(names && { names: new Map(names) }), bytes });
    for (const [i, step] of this.steps.slice(0, count).entries()) {
      const fate = fateOf.get(i) ?? 1;
      if (step.kind === 'write')
        left.#apply({ ...step, bytes: step.bytes.slice(0, Math.floor(step.bytes.length * fate)) });
      else if (fate === 1) left.#apply(step);
    }
    return left;
  }

  #do(step: Step): void {
    this.steps.push(step);
    this.#apply(step);
  }

  #sync(step: Step): void {
    if (step.kind !== this.weakness.ignores) this.#do(step);
  }

  #names(folder: number, changes: readonly NameChange[]): void {
    this.#do({ kind: 'names', folder, changes });
  }

  #apply(step: Step): void {
    if (step.kind === 'write') (this.#nodes.get(step.node) as Node).bytes = step.bytes;
    if (step.kind !== 'names') return;
    const names = this.#nodes.get(step.folder)?.names as Map<string, number>;
    for (const { name, node } of step.changes) {
      if (node === undefined) names.delete(name);
      else names.set(name, node);
    }
  }

  #newNode(node: Node): number {
    this.#nodes.set(this.#next, node);
    return this.#next++;
  }

  #find(path: string): number | undefined {
    let at: number | undefined = ROOT_NODE;
    for (const part of path.split('/').filter(Boolean))
      at = at === undefined ? undefined : this.#nodes.get(at)?.names?.get(part);
    return at;
  }

  #folder(path: string): number {
    const node = this.#find(path);
    if (node === undefined || !this.#nodes.get(node)?.names) throw failure('ENOENT', path);
    return node;
  }

  #file(path: string): Node {
    const found = this.#find(path);
    const node = found === undefined ? undefined : this.#nodes.get(found);
    if (!node) throw failure('ENOENT', path);
    if (node.names) throw failure('EISDIR', path);
    return node;
  }

  /** As a promise, so that what throws rejects. */
  async #try<T>(act: () => T): Promise<T> {
    await Promise.resolve();
    return act();
  }
}

function base(path: string): string {
  return join('/', path).split('/').at(-1) ?? '';
}

function failure(code: string, path: string): Error {
  return Object.assign(new Error(`${code}: ${path}`), { code });
}

/** Every way in which the loose steps can end; beyond `most` of them a choice, worst cases first. */
export function* fates(disk: PowerCutDisk, count: number, most: number): Generator<Map<number, Fate>> {
  const loose = disk.loose(count);
  const choices = loose.map((step): readonly Fate[] => (disk.isWrite(step) ? [0, 0.5, 1] : [0, 1]));
  const all = choices.reduce((product, { length }) => product * length, 1);
  // A stride without a common divisor walks through all of them before one comes again.
  const stride = all <= most ? 1 : 7919;
  for (let n = 0; n < Math.min(all, most); n++) {
    let left = (n * stride) % all;
    yield new Map(
      loose.map((step, i) => {
        const options = choices[i] as readonly Fate[];
        const fate = options[left % options.length] as Fate;
        left = Math.floor(left / options.length);
        return [step, fate];
      }),
    );
  }
}
