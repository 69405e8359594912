// The asc transform behind files named *.lane.ts: kernels written once, in infix, compiled as four lanes or as one.
//
//   asc core.ts --transform scripts/lanes/transform.mjs --use lane=v128 --use mask=v128 --use word=v128 --enable simd
//   asc core.ts --transform scripts/lanes/transform.mjs --use lane=f32 --use mask=bool --use word=i32
//
// asc resolves every type and already allows operators on its empty built-in class V128; the operators of class
// LaneOperators (engine/core/lane.lane.ts) are moved there. Beyond that, in *.lane.ts:
//
//   1.5                     a number with a point or exponent is a lane constant; 1 and <f32>1.5 stay what they are
//   if (a > b)              a mask as a condition is refused, with line and column
//   const v = held<V>(p)    the struct at p in locals; what the block changes is written back at its end
//   function f(x: lane)     is inlined (tsc and eslint refuse a decorator in front of a function)

// In every kernel file:
//
//   function f() { 'inline'; ... }   is inlined wherever it is called: what hot loops are made of. All else is compiled to be
//                           small, and the compiler alone would not look at how often something runs.

import { CommonFlags, DiagnosticCode, LiteralKind, Node, NodeKind, Token } from 'assemblyscript';
import { Transform } from 'assemblyscript/transform';

const LANE_FILE = /\.lane$|\.lane\.ts$/;
const LANE_TYPES = new Set(['lane', 'mask', 'word']);
const CONDITIONAL = new Set([NodeKind.If, NodeKind.While, NodeKind.Do, NodeKind.For, NodeKind.Ternary]);
const LEAVING = new Set([NodeKind.Return, NodeKind.Throw, NodeKind.Break, NodeKind.Continue]);
const LOOP_EXITS = new Set([NodeKind.Break, NodeKind.Continue]);
const LOOPS = new Set([NodeKind.While, NodeKind.Do, NodeKind.For, NodeKind.Switch]);
/** Known in every kernel without an import, as the transform writes calls to them. */
const GLOBAL = new Set(['splat', 'flag']);

export default class Lanes extends Transform {
  afterParse(parser) {
    this.parser = parser;
    const statements = parser.sources.flatMap((source) => source.statements);
    const classes = statements.filter((it) => it.kind === NodeKind.ClassDeclaration);
    this.classes = new Map(classes.map((it) => [it.name.text, it]));
    const operators = this.classes.get('LaneOperators');
    if (operators) this.classes.get('V128').members.push(...operators.members.splice(0));

    for (const source of parser.sources) {
      if (source.normalizedPath.startsWith('~lib/')) continue;
      source.statements.forEach(inlineHot);
      if (!LANE_FILE.test(source.normalizedPath)) {
        walk(source.statements, (node) => this.#keepOut(node));
        continue;
      }
      const helpers = statements.includes(operators) && source.statements.includes(operators);
      source.statements.forEach(inlineLanes);
      if (helpers) continue;
      walk(source.statements, (node) => this.#checkRare(node));
      walk(source.statements, (node) => this.#hold(node));
      walk(source.statements, settle);
    }
  }

  /** Outside lane files a mask would pass as a condition and 1.5 would be an f64. */
  #keepOut(node) {
    const type = node.kind === NodeKind.NamedType && node.name.identifier.text;
    if (LANE_TYPES.has(type)) this.#refuse(node, `'${type}' belongs in a file named *.lane.ts`);
    return node;
  }

  /** Under `if (any(m))` some lanes are meant but all would change, unless each assignment selects. */
  #checkRare(node) {
    if (node.kind !== NodeKind.If || !isCallOf('any', node.condition)) return node;
    walk([node.ifTrue], (inner) => {
      if (
        inner.kind === NodeKind.Binary &&
        isAssignment(inner.operator) &&
        !isCallOf('select', inner.right)
      ) {
        this.#refuse(inner, 'this changes every lane: assign select(mask, new, old)');
      }
      return inner;
    });
    return node;
  }

  /** Opens each `const v = held<V>(address)` that stands directly in this block. */
  #hold(block) {
    if (block.kind !== NodeKind.Block) return block;
    for (;;) {
      const at = block.statements.findIndex(
        (it) => it.kind === NodeKind.Variable && isCallOf('held', it.declarations[0].initializer),
      );
      if (at < 0) return block;
      this.#open(block, at);
    }
  }

  #open(block, at) {
    const { name, initializer: view, range } = block.statements[at].declarations[0];
    const members = this.classes.get(view.typeArguments[0].name.identifier.text)?.members ?? [];
    const fields = new Set(
      members.filter((it) => it.kind === NodeKind.FieldDeclaration).map((it) => it.name.text),
    );
    const inMemory = (field) =>
      Node.createPropertyAccessExpression(identifier(name.text, range), identifier(field, range), range);
    const inLocal = (field, where = range) => identifier(`${name.text}.${field}`, where);

    const rest = block.statements.splice(at + 1);
    const read = new Set();
    const written = new Map();
    rest.forEach((statement) => guards(statement, name.text, undefined, written));
    this.#refuseLeaving(rest, false);
    walk(rest, (node, parent) => {
      if (
        node.kind === NodeKind.Identifier &&
        node.text === name.text &&
        parent.kind !== NodeKind.PropertyAccess
      ) {
        this.#refuse(node, `'${name.text}' is held in locals here: only its fields can be used`);
      }
      if (node.kind !== NodeKind.PropertyAccess || node.expression.text !== name.text) return node;
      const field = node.property.text;
      if (!fields.has(field)) this.#refuse(node, `'${field}' is not a field of the held struct`);
      if (isTarget(node, parent) && !written.has(field)) written.set(field, undefined);
      read.add(field);
      return inLocal(field, node.range);
    });

    view.expression.text = 'changetype';
    const declare = (field) =>
      Node.createVariableDeclaration(inLocal(field), null, CommonFlags.Let, null, inMemory(field), range);
    const restore = ([field, guard]) => {
      const write = Node.createExpressionStatement(
        Node.createBinaryExpression(Token.Equals, inMemory(field), inLocal(field), range),
      );
      return guard ? Node.createIfStatement(identifier(guard, range), write, null, range) : write;
    };
    block.statements.push(
      ...(read.size ? [Node.createVariableStatement(null, [...read].map(declare), range)] : []),
      ...rest,
      ...[...written].map(restore),
    );
  }

  /** Leaving the block early would skip the writing back. */
  #refuseLeaving(nodes, insideLoop) {
    for (const node of nodes) {
      if (LEAVING.has(node.kind) && !(insideLoop && LOOP_EXITS.has(node.kind) && !node.label)) {
        this.#refuse(node, 'this leaves the block before what is held is written back');
      }
      const inner = Object.values(node).flat().filter(isStatement);
      this.#refuseLeaving(inner, insideLoop || LOOPS.has(node.kind));
    }
  }

  #refuse(node, message) {
    this.parser.error(DiagnosticCode.User_defined_0, node.range, message);
  }
}

/** Marks functions that take or give lanes as inlined, and the two global helpers as global. */
function inlineLanes(node) {
  if (node.kind !== NodeKind.FunctionDeclaration) return;
  const { parameters, returnType } = node.signature;
  const types = [returnType, ...parameters.map((it) => it.type)].map((it) => it.name?.identifier.text);
  if (types.some((type) => LANE_TYPES.has(type)) || node.name.text === 'flag') decorate(node, 'inline');
  if (GLOBAL.has(node.name.text)) decorate(node, 'global');
}

/** Takes the directive 'inline' from the body of a function and gives it to the compiler. */
function inlineHot(node) {
  if (node.kind !== NodeKind.FunctionDeclaration) return;
  const first = node.body?.statements?.[0];
  const said = first?.kind === NodeKind.Expression && first.expression;
  if (!said || said.kind !== NodeKind.Literal || said.literalKind !== LiteralKind.String) return;
  if (said.value !== 'inline') return;
  node.body.statements.shift();
  decorate(node, 'inline');
}

function decorate(node, name) {
  const { range } = node.name;
  if (node.decorators?.some((it) => it.name.text === name)) return;
  (node.decorators ??= []).push(Node.createDecorator(identifier(name, range), null, range));
}

/** Replaces every node below `parent` by what `change` makes of it, children first. */
function walk(parent, change) {
  for (const [key, child] of Object.entries(parent)) {
    if (Array.isArray(child)) walk(child, change);
    else if (child instanceof Node) {
      walk(child, change);
      parent[key] = change(child, parent);
    }
  }
}

function settle(node, parent) {
  const isFloat = node.kind === NodeKind.Literal && node.literalKind === LiteralKind.Float;
  if (isFloat && parent.kind !== NodeKind.Assertion) return call('splat', node);
  if (CONDITIONAL.has(node.kind) && node.condition) node.condition = call('flag', node.condition);
  if (node.kind === NodeKind.Binary) {
    if (node.operator === Token.Equals_Equals_Equals) node.operator = Token.Equals_Equals;
    if (node.operator === Token.Exclamation_Equals_Equals) node.operator = Token.Exclamation_Equals;
  }
  return node;
}

/**
 * Finds what each field of `name` is written under: the outermost `if (flag)` where that is the same for all its writes,
 * else undefined. With a constant flag the writing back goes with the writes.
 */
function guards(node, name, guard, written) {
  if (Array.isArray(node)) return node.forEach((child) => guards(child, name, guard, written));
  if (!(node instanceof Node)) return;
  if (node.kind === NodeKind.PropertyAccess && node.expression.text === name) return;
  const target = node.kind === NodeKind.Binary && isAssignment(node.operator) ? node.left : node.operand;
  if (target?.kind === NodeKind.PropertyAccess && target.expression.text === name) {
    const field = target.property.text;
    const isWrite =
      node.kind === NodeKind.Binary ||
      node.operator === Token.Plus_Plus ||
      node.operator === Token.Minus_Minus;
    if (isWrite) written.set(field, written.has(field) && written.get(field) !== guard ? undefined : guard);
  }
  const flagged = node.kind === NodeKind.If && node.condition.kind === NodeKind.Identifier && !guard;
  for (const [key, child] of Object.entries(node)) {
    if (child instanceof Node || Array.isArray(child)) {
      guards(child, name, flagged && key === 'ifTrue' ? node.condition.text : guard, written);
    }
  }
}

const isStatement = (node) =>
  node instanceof Node && node.kind >= NodeKind.Block && node.kind <= NodeKind.While;
const isCallOf = (name, node) => node?.kind === NodeKind.Call && node.expression.text === name;
const isAssignment = (token) =>
  token === Token.Equals || (token >= Token.Plus_Equals && token <= Token.Caret_Equals);
const isTarget = (node, parent) =>
  (parent.kind === NodeKind.Binary && parent.left === node && isAssignment(parent.operator)) ||
  parent.operator === Token.Plus_Plus ||
  parent.operator === Token.Minus_Minus;
const identifier = (name, range) => Node.createIdentifierExpression(name, range);
const call = (name, argument) =>
  Node.createCallExpression(identifier(name, argument.range), null, [argument], argument.range);
