// Makes a module of an example. One that imports something is a module as it stands. Any other is a fragment:
//
// - What it mentions of `millrace` is imported.
// - `log`, `lines` and `countries` stand for an access log, lines of text and a side table of countries.
// - Properties (`reduce: sum(),`) are completed to a definition, with the least that makes it one:
//   `groupBy`, `where` and the like to an aggregation of an access log; `inputs` to a join, and a reduce of `sides` to one of
//   `users` (countries) with `hits` (bytes); all others to a job. Its input is an access log where the map calls its record `hit`, else lines.
// - All else are statements.
//
// So a reader can paste a fragment where it belongs, and it works there.

/** Make a module of an example. @param names - what `millrace` exports. */
export function completeExample(code: string, names: readonly string[]): string {
  if (/^import /mu.test(code)) return code;
  // A template in an example of several expressions may hold what looks like a property: only lines at the margin count.
  const properties = new Set([...code.matchAll(/^([a-zA-Z]+):/gmu)].map((match) => match[1] ?? ""));
  const body = properties.size === 0 ? code : completeDefinition(code, properties);
  const given = Object.entries(stand).filter(
    ([name]) => uses(body, name) && !new RegExp(`const ${name}\\b`, "u").test(body),
  );
  const whole = `${given.map(([, text]) => text).join("")}${body}`;
  const imported = names.filter((name) => uses(whole, name));
  // One line, so that lines are told apart easily.
  return `import { ${imported.join(", ")} } from "millrace";\n${whole}${/^export /mu.test(whole) ? "" : "export {};\n"}`;
}

const stand: Readonly<Record<string, string>> = {
  log: "const log = combinedLog();\n",
  lines: "const lines = textLines();\n",
  countries:
    'const countries = sideTable({ file: "countries.csv", columns: { id: text(), country: text() }, key: "id" });\n',
};

function uses(code: string, name: string): boolean {
  return new RegExp(`(?<![.\\w$])${name}(?![\\w$:])`, "u").test(code);
}

function completeDefinition(code: string, properties: ReadonlySet<string>): string {
  if (["where", "groupBy", "having", "top"].some((name) => properties.has(name)) || /^reduce: \{/mu.test(code))
    return completeAggregation(code, properties);
  if (properties.has("inputs")) return `export const example = defineJoin({ name: "example",\n${code}});\n`;
  return /^reduce: \(key, sides,/mu.test(code) ? completeJoin(code) : completeJob(code, properties);
}

function completeAggregation(code: string, properties: ReadonlySet<string>): string {
  const missing = missingOf(properties, {
    groupBy: "{}",
    reduce: "{ hits: count() }",
    output: "jsonLines()",
  });
  const input = uses(code, "lines") ? "lines" : "log";
  return `export const example = defineAggregation({ name: "example", input: ${input}, aggregations: { example: {\n${missing}${code}} } });\n`;
}

function completeJoin(code: string): string {
  return `export const example = defineJoin({ name: "example", output: jsonLines(), inputs: {
  users: {
    input: csv({ columns: { id: text(), country: text() } }),
    value: text(),
    map: (user, emit) => emit(user.id, user.country),
  },
  hits: { input: combinedLog(), value: int(), map: (hit, emit) => emit(hit.host, hit.bytes ?? 0) },
},
${code}});\n`;
}

function completeJob(code: string, properties: ReadonlySet<string>): string {
  const mapOnly = properties.has("map") && properties.has("output") && !properties.has("reduce");
  const calledBack = /^reduce: \(/mu.test(code);
  const valued = properties.has("value") && !properties.has("reduce");
  const missing = missingOf(properties, {
    input: /^map: \(hit,/mu.test(code) ? "combinedLog()" : "textLines()",
    ...(calledBack ? { value: "int()" } : {}),
    // Of types that nothing is known of, a map that fits all.
    map: "(_line, emit: (...pair: any[]) => void) => emit()",
    ...(mapOnly ? {} : { reduce: valued ? "(_key, _values, emit) => emit({})" : "sum()" }),
    output: "jsonLines<any>()",
  });
  return `export const example = defineJob({ name: "example",\n${missing}${code}});\n`;
}

function missingOf(properties: ReadonlySet<string>, least: Readonly<Record<string, string>>): string {
  const missing = Object.entries(least).filter(([name]) => !properties.has(name));
  return missing.map(([name, text]) => `${name}: ${text},\n`).join("");
}
