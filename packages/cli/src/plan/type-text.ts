// Types between the stages of a job as a person reads them, from the wire forms of codecs and aggregators.

/** Print the type of a codec: `text`, `[text, int]`, `{ status: int, minute: time }`, `int or null`. */
export function codecText(wire: unknown): string {
  if (Array.isArray(wire)) return `[${wire.map((part) => codecText(part)).join(", ")}]`;
  if (typeof wire !== "object" || wire === null) return String(wire);
  const fields = Object.entries(wire);
  const [first] = fields;
  if (fields.length === 1 && first?.[0] === "optional") return `${codecText(first[1])} or null`;
  // Values of a join: of which input each is goes with it.
  if (fields.length === 1 && first?.[0] === "oneOf") return oneOfText(first[1]);
  return `{ ${fields.map(([name, field]) => `${name}: ${codecText(field)}`).join(", ")} }`;
}

function oneOfText(sides: unknown): string {
  return Object.entries(sides as object)
    .map(([name, of]) => `${name}: ${codecText(of)}`)
    .join(" | ");
}

/** Print an aggregator: `sum`, `quantile(0.99)`, `{ hits: count, bytes: sum }`. */
export function aggregatorText(wire: unknown): string {
  if (Array.isArray(wire)) {
    const [name, ...of] = wire as readonly unknown[];
    return of.length === 0 ? String(name) : `${String(name)}(${of.map((part) => codecText(part)).join(", ")})`;
  }
  if (typeof wire !== "object" || wire === null) return String(wire);
  const fields = Object.entries(wire).map(([name, field]) => `${name}: ${aggregatorText(field)}`);
  return `{ ${fields.join(", ")} }`;
}

/**
 * Print the key and the aggregators of groupings that share a shuffle, one after the other: `[time] | [text]` with
 * `[count, sum] | [count]`. @returns undefined for a shuffle of one aggregator.
 */
export function groupingsText(
  key: unknown,
  states: unknown,
): { readonly key: string; readonly value: string } | undefined {
  const grouped = Array.isArray(states) && states.length > 0 && states.every((each) => Array.isArray(each));
  if (!grouped || !Array.isArray(key)) return undefined;
  const of = (each: readonly unknown[]): string => `[${each.map((part) => aggregatorText(part)).join(", ")}]`;
  return {
    key: key.map((each) => codecText(each)).join(" | "),
    value: (states as readonly (readonly unknown[])[]).map(of).join(" | "),
  };
}
