// Whether records of one type can be read as another, as far as the wire forms of codecs tell: what the compiler checks
// for authors who have one. What is not known fits.

import { nearestName, quote } from "@millrace/core";

const kinds: Readonly<Record<string, string>> = {
  text: "a text",
  int: "a number",
  double: "a number",
  // Milliseconds since 1970.
  time: "a number",
  boolean: "a boolean",
  bytes: "bytes",
};

/**
 * Say why records of wire form `given` cannot be read as `wanted`: a clause such as `"value" is a text and no number`.
 *
 * @returns undefined when they fit, or when too little is known of one of them.
 */
export function recordMisfit(given: unknown, wanted: unknown, path = ""): string | undefined {
  if (given === undefined || wanted === undefined || given === "json" || wanted === "json") return undefined;
  const place = path === "" ? "the record" : quote(path);
  const missing = optionalOf(given);
  const present = optionalOf(wanted);
  if (missing !== undefined && present === undefined) return `${place} may be missing there and not here`;
  if (missing !== undefined || present !== undefined) return recordMisfit(missing ?? given, present ?? wanted, path);
  if (typeof given === "string" && typeof wanted === "string") {
    const [is, should] = [kinds[given], kinds[wanted]];
    return is === undefined || should === undefined || is === should
      ? undefined
      : `${place} is ${is} and not ${should}`;
  }
  if (shapeOf(given) !== shapeOf(wanted)) return `${place} is ${shapeOf(given)} and not ${shapeOf(wanted)}`;
  return isFields(given) && isFields(wanted) ? fieldMisfit(given, wanted, path) : undefined;
}

function fieldMisfit(given: Fields, wanted: Fields, path: string): string | undefined {
  const place = path === "" ? "the record" : quote(path);
  for (const [name, form] of Object.entries(wanted)) {
    if (!Object.hasOwn(given, name)) {
      const nearest = nearestName(name, Object.keys(given));
      return `${place} has no ${quote(name)}${nearest === undefined ? "" : `, the nearest is ${quote(nearest)}`}`;
    }
    const misfit = recordMisfit(given[name], form, path === "" ? name : `${path}.${name}`);
    if (misfit !== undefined) return misfit;
  }
  return undefined;
}

/** A wire form as people read it: `{ key: text, value: int }`; `…` stands for what is not known. */
export function wireText(wire: unknown): string {
  if (wire === undefined) return "…";
  if (typeof wire === "string") return wire;
  const optional = optionalOf(wire);
  if (optional !== undefined) return `${wireText(optional)} or null`;
  if (Array.isArray(wire)) return `[${wire.map((item) => wireText(item)).join(", ")}]`;
  if (!isFields(wire)) return JSON.stringify(wire);
  return `{ ${Object.entries(wire)
    .map(([name, form]) => `${name}: ${wireText(form)}`)
    .join(", ")} }`;
}

type Fields = Readonly<Record<string, unknown>>;

function isFields(wire: unknown): wire is Fields {
  return typeof wire === "object" && wire !== null && !Array.isArray(wire);
}

function optionalOf(wire: unknown): unknown {
  return isFields(wire) && "optional" in wire && Object.keys(wire).length === 1 ? wire["optional"] : undefined;
}

function shapeOf(wire: unknown): string {
  if (typeof wire === "string") return kinds[wire] ?? wire;
  return Array.isArray(wire) ? "an array" : "an object";
}
