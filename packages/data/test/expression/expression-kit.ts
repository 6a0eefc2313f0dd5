// Makes random expressions that are well typed, and records for them: every node, every awkward value.

import type {
  ArithmeticOperation,
  CompareTest,
  DurationUnit,
  ExpressionNode,
  ExpressionTools,
  ExpressionValue,
  LiteralNode,
  ParameterNode,
  ScalarWire,
  SideTableNode,
  TextTest,
  TimeZone,
} from "../../src/index.ts";

type Kind = "text" | "number" | "boolean" | "time" | "bytes";

export const table = { name: "test" };

const values: Readonly<Record<Kind, readonly Exclude<ExpressionValue, null>[]>> = {
  text: [
    "",
    "a",
    "ab",
    "GET /a b",
    " two  words ",
    "\u00E9",
    "\uE000",
    "\uFFFF",
    "😀",
    "a😀b",
    "\uD83D",
    "x\uDE00",
    "\uD83Dz",
    "a\0",
    "line\nfeed",
    "\uFEFF",
    "a😁b",
    "a\uFFEFb",
    "0123456789".repeat(15),
  ],
  number: [
    0,
    -0,
    1,
    -1,
    0.5,
    200,
    404,
    1e308,
    -1e308,
    5e-324,
    2 ** 53,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
  ],
  boolean: [true, false],
  time: [
    0,
    -0,
    -1,
    1,
    1_700_000_000_000,
    951_782_400_123,
    -62_135_596_800_000,
    8.64e15,
    -8.64e15,
    2 ** 53 - 1,
    -(2 ** 53 - 1),
    7_200_000,
    10_799_999,
  ],
  bytes: [new Uint8Array(), new Uint8Array([0]), new Uint8Array([0, 255]), new Uint8Array([255])],
};

const wires: Readonly<Record<Kind, ScalarWire>> = {
  text: "text",
  number: "double",
  boolean: "boolean",
  time: "time",
  bytes: "bytes",
};
const kinds = Object.keys(values) as Kind[];
/** Columns of each kind: one that is always there, one that may be missing. */
export const columns = kinds.flatMap((kind) => [
  { name: kind, kind, optional: false },
  { name: `${kind}OrNot`, kind, optional: true },
]);

const sideTableNode: SideTableNode = {
  file: "side.csv",
  key: "id",
  columns: {
    id: { wire: "text", optional: false },
    size: { wire: "double", optional: true },
    name: { wire: "text", optional: false },
  },
};
const sideRows = new Map<ExpressionValue, Readonly<Record<string, ExpressionValue>>>([
  ["a", { id: "a", size: 1.5, name: "first" }],
  ["", { id: "", size: null, name: "empty" }],
  ["😀", { id: "😀", size: -0, name: "face" }],
]);

/** Parameters by kind: the object stands for the parameter, and looks like one of the SDK. */
export const parameters = kinds.map((kind) => ({
  kind,
  mark: {
    kind,
    description: { type: kind === "number" ? "double" : kind, default: "" },
    parse: () => values[kind][3 % values[kind].length]!,
  },
}));

/** The side table as a file. */
export const sideFile = `id,size,name\na,1.5,first\n"",,empty\n😀,-0,face\n`;

/** Clocks are set forward by an hour at 7,200,000 and back at 10,800,000; before 1900 they are 53 minutes ahead. */
const fakeZone: TimeZone = {
  periodAt: (time) => {
    const edges = [Number.NEGATIVE_INFINITY, -2_208_988_800_000, 7_200_000, 10_800_000, Number.POSITIVE_INFINITY];
    const offsets = [3_208_000, 3_600_000, 7_200_000, 3_600_000];
    const at = offsets.findIndex((_offset, index) => time < edges[index + 1]!);
    const index = at < 0 ? offsets.length - 1 : at;
    return { from: edges[index]!, until: edges[index + 1]!, offsetMs: offsets[index]! };
  },
};

/** Parameters that choose: each looks like one of the SDK, and has its one value, which may be none of those to choose from. */
export const choosers = ["a", "b", "true", "other"].map((value) => ({
  value,
  description: { type: "choice", choices: [value], default: value },
  parse: () => value,
}));

export const tools: ExpressionTools = {
  parameter: (mark) => {
    if ("value" in mark) return (mark as { readonly value: string }).value;
    const { kind } = mark as { readonly kind: Kind };
    return values[kind][3 % values[kind].length]!;
  },
  pattern: (pattern) => {
    const regex = new RegExp(pattern, "su");
    return (text) => regex.test(text);
  },
  zone: () => fakeZone,
  sideTable: () => (key) => sideRows.get(key),
};

/** Makes expressions that share parts with those before. */
export class ExpressionMaker {
  readonly #random: () => number;
  readonly #zone: string;
  readonly #pool = new Map<Kind, ExpressionNode[]>(kinds.map((kind) => [kind, []]));
  /** How often each node was made. */
  readonly made = new Map<string, number>();

  constructor(random: () => number, zone = "Test/Zone") {
    this.#random = random;
    this.#zone = zone;
  }

  pick<T>(of: readonly T[]): T {
    return of[Math.floor(this.#random() * of.length)]!;
  }

  /** Make an expression of any kind. */
  any(depth: number): ExpressionNode {
    return this.expression(this.pick([...kinds, "boolean", "boolean"]), depth);
  }

  expression(kind: Kind, depth: number): ExpressionNode {
    const pool = this.#pool.get(kind)!;
    if (pool.length > 0 && this.#random() < 0.2) return this.pick(pool);
    const node = depth <= 0 || this.#random() < 0.15 ? this.#leaf(kind) : this.#node(kind, depth - 1);
    const name = "test" in node ? node.test : "operation" in node ? node.operation : node.node;
    this.made.set(name, (this.made.get(name) ?? 0) + 1);
    pool.push(node);
    if (pool.length > 40) pool.shift();
    return node;
  }

  #leaf(kind: Kind): ExpressionNode {
    const chance = this.#random();
    if (chance < 0.15) return this.#literal(kind);
    if (chance < 0.25) return this.#parameter(kind);
    if (kind === "text" && chance < 0.35) return { node: "words", value: this.expression("text", 0) };
    const { name, optional } = this.pick(columns.filter((column) => column.kind === kind));
    return { node: "column", name, wire: wires[kind], optional, from: "property", table };
  }

  #literal(kind: Kind): LiteralNode {
    return { node: "literal", wire: wires[kind], value: this.pick(values[kind]) };
  }

  #parameter(kind: Kind): ParameterNode {
    return { node: "parameter", wire: wires[kind], parameter: parameters.find((each) => each.kind === kind)!.mark };
  }

  #choose(kind: Kind, depth: number): ExpressionNode {
    const option = (): ExpressionNode | null => (this.#random() < 0.2 ? null : this.expression(kind, depth));
    const of = { a: option(), b: option(), true: option() };
    return { node: "choose", parameter: this.pick(choosers), of, wire: wires[kind], optional: true };
  }

  #node(kind: Kind, depth: number): ExpressionNode {
    if (this.#random() < 0.1) return this.#choose(kind, depth);
    switch (kind) {
      case "text":
        return this.#text(depth);
      case "number":
        return this.#number(depth);
      case "boolean":
        return this.#boolean(depth);
      case "time":
        return {
          node: "floorTime",
          value: this.expression("time", depth),
          width: { count: this.pick([1, 2, 5, 7]), unit: this.pick<DurationUnit>(["ms", "s", "m", "h", "d", "w"]) },
          zone: this.pick(["UTC", this.#zone]),
        };
      case "bytes":
        return this.#leaf("bytes");
    }
  }

  #text(depth: number): ExpressionNode {
    if (this.#random() < 0.3)
      return {
        node: "lookup",
        value: this.expression("text", depth),
        table: sideTableNode,
        column: "name",
        wire: "text",
        optional: false,
      };
    if (this.#random() < 0.3) return { node: "textOf", value: this.expression("number", depth) };
    if (this.#random() < 0.3)
      return { node: "before", value: this.expression("text", depth), what: this.pick(["a", " ", "?", "😀", "GET"]) };
    const length = this.pick([undefined, 0, 1, 2, 100]);
    return {
      node: "substring",
      value: this.expression("text", depth),
      from: this.pick([0, 1, 2, 3, 50]),
      ...(length === undefined ? {} : { length }),
    };
  }

  #number(depth: number): ExpressionNode {
    if (this.#random() < 0.2)
      return {
        node: "lookup",
        value: this.expression("text", depth),
        table: sideTableNode,
        column: "size",
        wire: "double",
        optional: true,
      };
    return {
      node: "arithmetic",
      operation: this.pick<ArithmeticOperation>(["add", "subtract", "multiply", "divide"]),
      left: this.expression("number", depth),
      right: this.expression("number", depth),
    };
  }

  #boolean(depth: number): ExpressionNode {
    const chance = this.#random();
    if (chance < 0.45) {
      const kind = this.pick(kinds);
      // Deep operands are often missing: half of the comparisons are of columns and constants.
      const near = this.pick([0, depth]);
      const test = this.pick<CompareTest>(["equals", "notEquals", "lessThan", "atMost", "greaterThan", "atLeast"]);
      return { node: "compare", test, left: this.expression(kind, near), right: this.expression(kind, near) };
    }
    if (chance < 0.6) {
      const conditions = Array.from({ length: this.pick([0, 1, 2, 3]) }, () => this.expression("boolean", depth));
      return { node: this.pick(["and", "or"]), conditions };
    }
    if (chance < 0.7) return { node: "not", condition: this.expression("boolean", depth) };
    if (chance < 0.8) return { node: "isMissing", value: this.any(depth) };
    const test = this.pick<TextTest>(["hasPrefix", "contains", "matches"]);
    const what =
      test === "matches"
        ? ({
            node: "literal",
            wire: "text",
            value: this.pick(["^a", "b$", "GET|POST", "[^ ]+ [^ ]+", "^$", "."]),
          } as const)
        : this.pick([this.#literal("text"), this.#parameter("text")]);
    return { node: "textTest", test, value: this.expression("text", depth), what };
  }

  /** Make a record; a missing value is `null`, or not there at all. */
  record(): Readonly<Record<string, ExpressionValue>> {
    const record: Record<string, ExpressionValue> = {};
    for (const { name, kind, optional } of columns) {
      const chance = this.#random();
      if (optional && chance < 0.2) continue;
      record[name] = optional && chance < 0.4 ? null : this.pick(values[kind]);
    }
    return record;
  }

  word(): string {
    return this.pick(values.text) as string;
  }
}
