// Checks what `emits` of a job gives: columns for the key, the value and the order, of the forms that their codecs have.

import { type Codec, type ExpressionNode, isKeyCodec, showExpression, wireOfExpression } from "@millrace/data";
import { type ExpressionRules, checkCondition, checkExpression } from "../aggregation/expression-rules.ts";
import { isExpr, isScalarWire } from "../expression/expr.ts";
import { type DefinitionLike, checkProperties } from "./definition-checks.ts";
import { kindOf } from "./kind-of.ts";

/** One value of a pair, encoded in a form. */
export interface EmittedPart {
  readonly name: string;
  readonly node: ExpressionNode;
  readonly wire: string;
}

/** Key, value or order: parts by the names of a codec's fields, or the one without a name. */
interface EmittedParts {
  readonly isObject: boolean;
  /** Whether its bytes are those of its parts, one after the other. */
  readonly isTuple: boolean;
  readonly parts: readonly EmittedPart[];
}

/** The pair that a record makes, checked. */
export interface Emitted {
  readonly where: ExpressionNode | undefined;
  readonly key: EmittedParts;
  readonly value: EmittedParts;
  readonly order: EmittedParts | undefined;
}

/** What the pair is encoded by. */
interface Codecs {
  readonly key: Codec<unknown>;
  readonly value: Codec<unknown>;
  readonly orderBy: Codec<unknown> | undefined;
}

/** Check what `emits` gave. @returns undefined when it gave nothing. @throws {MillraceError} E_JOB_INVALID. */
export function checkEmitted(
  given: unknown,
  { key, value, orderBy }: Codecs,
  rules: ExpressionRules,
): Emitted | undefined {
  const { refuse } = rules;
  if (given === undefined) return undefined;
  if (typeof given !== "object" || given === null)
    return refuse(`"emits" gave ${kindOf(given)}; give { key, value } of columns, or undefined for none`);
  const of = given as DefinitionLike;
  if (typeof of["then"] === "function") {
    // Nobody waits for what it comes to: an error of it would end the process.
    void Promise.resolve(given).catch(() => undefined);
    refuse('"emits" gave a promise; give { key, value } of columns at once, without async');
  }
  checkProperties('what "emits" gives', of, ["where", "key", "value", "order"], refuse);
  if (orderBy === undefined && of["order"] !== undefined)
    refuse('"emits" gives an order, and there is no "orderBy"; leave it out');
  return {
    where: of["where"] === undefined ? undefined : withoutWords("where", of["where"], rules, checkCondition),
    key: checkParts("key", of["key"], key, rules),
    value: checkParts("value", of["value"], value, rules),
    order: orderBy === undefined ? undefined : checkParts("order", of["order"], orderBy, rules),
  };
}

function withoutWords(
  what: string,
  value: unknown,
  rules: ExpressionRules,
  check: typeof checkExpression,
): ExpressionNode {
  const { node, words } = check(value, `emits.${what}`, rules);
  if (words !== undefined)
    rules.refuse(`"emits.${what}" uses words(), of which a record has several; emit them in map`);
  return node;
}

function checkParts(what: string, given: unknown, codec: Codec<unknown>, rules: ExpressionRules): EmittedParts {
  const { refuse } = rules;
  const { wire } = codec;
  const isTuple = isKeyCodec(codec);
  const part = (name: string, value: unknown, form: unknown, place: string): EmittedPart => {
    if (typeof form !== "string" || !isScalarWire(form))
      return refuse(
        `"emits.${place}" is ${JSON.stringify(form)} by its codec; columns make texts, numbers, booleans, times and bytes`,
      );
    const node = withoutWords(place, value, rules, checkExpression);
    const own = wireOfExpression(node);
    if (own !== form && !(own === "int" && form === "double"))
      refuse(`"emits.${place}" is ${showExpression(node)}, ${own}, and its codec is of ${form}; make them the same`);
    return { name, node, wire: form };
  };
  if (isExpr(given) || typeof wire !== "object" || wire === null || Array.isArray(wire))
    return { isObject: false, isTuple, parts: [part("", given, wire, what)] };
  if (typeof given !== "object" || given === null)
    return refuse(`"emits.${what}" is ${kindOf(given)}; give an object of columns, one for each field of its codec`);
  const fields = Object.entries(wire);
  checkProperties(`"emits.${what}"`, given as DefinitionLike, Object.keys(wire), refuse);
  return {
    isObject: true,
    isTuple,
    parts: fields.map(([name, form]) => part(name, (given as DefinitionLike)[name], form, `${what}.${name}`)),
  };
}
