// What the command line asks for. Pure: knows the names, not the machine.

import { parseArgs } from "node:util";
import { parseBytes, parseDuration, parseWhole } from "../../packages/cli/src/output/units.ts";

/** What is to be done. */
export type Request =
  | { readonly kind: "help" }
  | { readonly kind: "install-peers"; readonly names: readonly string[] }
  | { readonly kind: "clean" }
  | { readonly kind: "kernels"; readonly names: readonly string[]; readonly seed: number; readonly json?: string }
  | { readonly kind: "measure"; readonly workloads: readonly string[]; readonly options: MeasureOptions };

/** How workloads are measured. */
export interface MeasureOptions {
  /** Of the first file; each workload's own unless given. */
  readonly bytes?: number;
  /** Names, or all that are installed. */
  readonly peers: readonly string[] | "all";
  readonly pairs: number;
  /** Rounds of who takes more than eight times as long as Millrace. */
  readonly slowPairs: number;
  readonly slots: number;
  readonly deadlineMs: number;
  readonly json?: string;
  /** Another revision of this repository that runs beside the present one. */
  readonly compare?: string;
  readonly memoryBytes?: number;
  /** Whether one of the peers must be there and all answers be equal. */
  readonly isSmoke: boolean;
}

/** What is known by name. */
export interface KnownNames {
  readonly workloads: readonly string[];
  readonly peers: readonly string[];
  readonly kernels: readonly string[];
}

const commands = ["install-peers", "clean", "smoke", "all", "kernels"] as const;
/** What `smoke` measures: so much that a split has a next, so little that it ends within a minute. */
const smokeSize = "32MiB";

/** How it is used, for people. */
export function usage(known: KnownNames): string {
  return `Usage: npm run bench -- WORKLOAD [options]     measure Millrace beside its peers
       npm run bench -- all [options]          every workload
       npm run bench -- smoke                  ${smokeSize} of Millrace alone, checked against plain scripts
       npm run bench -- kernels [NAME…]        kernels beside their twins in TypeScript, a second each
       npm run bench -- install-peers [PEER…]  into the user's cache
       npm run bench -- clean                  remove data, peers and other revisions from the cache

Workloads: ${known.workloads.join(", ")}
Peers: ${known.peers.join(", ")}
Kernels: ${known.kernels.join(", ")}

  --size SIZE       of the input, such as 10MiB or 4GiB (each workload's own)
  --peers LIST      names with commas between, none, or all that are installed (all)
  --pairs COUNT     rounds in which each runs once (5)
  --slow-pairs N    rounds of who takes more than eight times as long as Millrace (--pairs)
  --slots COUNT     tasks or threads at a time, for everyone (2)
  --memory SIZE     bound on the memory of each run; an overrun is killed
  --deadline TIME   for one run (10m)
  --compare REV     another revision of this repository, built in the cache
  --json FILE       write all figures, with facts of the machine
  --seed NUMBER     of the data of kernels (1)
`;
}

/** Read the arguments. @throws {Error} with a sentence for people. */
export function parseArguments(args: readonly string[], known: KnownNames): Request {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      size: { type: "string" },
      peers: { type: "string", default: "all" },
      pairs: { type: "string", default: "5" },
      "slow-pairs": { type: "string" },
      slots: { type: "string", default: "2" },
      memory: { type: "string" },
      deadline: { type: "string", default: "10m" },
      compare: { type: "string" },
      json: { type: "string" },
      seed: { type: "string", default: "1" },
      help: { type: "boolean", short: "h" },
    },
  });
  const [first, ...rest] = positionals;
  if (first === undefined || values.help === true) return { kind: "help" };
  if (first === "clean") return { kind: "clean" };
  if (first === "kernels")
    return {
      kind: "kernels",
      names: rest.length === 0 ? known.kernels : checked(rest, known.kernels, "kernel"),
      seed: parseWhole(values.seed, "--seed", { min: 0, max: 2 ** 31 - 1 }),
      ...(values.json === undefined ? {} : { json: values.json }),
    };
  if (first === "install-peers") return { kind: "install-peers", names: checked(rest, known.peers, "peer") };
  const isSmoke = first === "smoke";
  const size = values.size ?? (isSmoke ? smokeSize : undefined);
  const pairs = isSmoke ? 1 : parseWhole(values.pairs, "--pairs", { min: 1, max: 1_000 });
  return {
    kind: "measure",
    workloads:
      isSmoke || first === "all"
        ? known.workloads
        : checked(positionals, [...known.workloads, ...commands], "workload or command"),
    options: {
      peers: isSmoke ? ["node"] : peersOf(values.peers, known.peers),
      pairs,
      slowPairs:
        values["slow-pairs"] === undefined
          ? pairs
          : parseWhole(values["slow-pairs"], "--slow-pairs", { min: 1, max: 1_000 }),
      slots: parseWhole(values.slots, "--slots", { min: 1, max: 1_024 }),
      deadlineMs: parseDuration(values.deadline, "--deadline"),
      isSmoke,
      ...(size === undefined ? {} : { bytes: parseBytes(size, "--size") }),
      ...(values.memory === undefined ? {} : { memoryBytes: parseBytes(values.memory, "--memory") }),
      ...(values.compare === undefined ? {} : { compare: values.compare }),
      ...(values.json === undefined ? {} : { json: values.json }),
    },
  };
}

function peersOf(text: string, known: readonly string[]): readonly string[] | "all" {
  if (text === "all") return "all";
  return text === "none" ? [] : checked(text.split(","), known, "peer");
}

function checked(names: readonly string[], known: readonly string[], what: string): readonly string[] {
  for (const name of names)
    if (!known.includes(name))
      throw new Error(`Cannot find ${what} "${name}": it is unknown; use one of ${known.join(", ")}`);
  return names;
}
