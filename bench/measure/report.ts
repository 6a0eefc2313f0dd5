// What was measured, as rows of a table and as figures for a file. Pure.

import { formatSeconds, formatTable } from "./format-table.ts";
import type { Measured } from "./measure-workload.ts";
import type { Cost } from "./run-measured.ts";
import type { RatioInterval } from "./statistics.ts";
import { median, pairedRatio } from "./statistics.ts";

/** Figures of one contestant. */
export interface Figures {
  readonly name: string;
  readonly kind: string;
  readonly version: string;
  readonly rounds: number;
  readonly wallSeconds?: number;
  readonly cpuSeconds?: number;
  /** Of all rounds the highest: what memory must be there. */
  readonly peakBytes?: number;
  readonly peakRssBytes?: number;
  readonly megabytesASecond?: number;
  /** Its time over that of the first contestant, round by round: above 1 the first is faster. Absent for the first. */
  readonly ratio?: RatioInterval;
  readonly answer?: { readonly size: string; readonly hash: string };
  readonly failure?: string;
  readonly difference?: string;
  readonly costs: readonly (Cost | null)[];
}

/** Work out the figures of all. @param bytes of all inputs. */
export function figuresOf(all: readonly Measured[], bytes: number): readonly Figures[] {
  const first = all[0];
  return all.map((measured) => {
    const costs = measured.costs.filter((cost) => cost !== undefined);
    const { name, kind, version } = measured.contestant;
    const wallSeconds = median(costs.map((cost) => cost.wallSeconds));
    const { answer, failure, difference } = measured;
    return {
      name,
      kind,
      version,
      rounds: costs.length,
      ...(costs.length === 0
        ? {}
        : {
            wallSeconds,
            cpuSeconds: median(costs.map((cost) => cost.cpuSeconds)),
            peakBytes: Math.max(...costs.map((cost) => cost.peakBytes)),
            peakRssBytes: Math.max(...costs.map((cost) => cost.peakRssBytes)),
            megabytesASecond: bytes / 1e6 / wallSeconds,
          }),
      ...(measured === first || first === undefined || pairsOf(first, measured).length === 0
        ? {}
        : { ratio: ratioTo(first, measured) }),
      ...(answer === undefined ? {} : { answer: { size: answer.size, hash: answer.hash } }),
      ...(failure === undefined ? {} : { failure }),
      ...(difference === undefined ? {} : { difference }),
      costs: Array.from(measured.costs, (cost) => cost ?? null),
    };
  });
}

function ratioTo(first: Measured, other: Measured): RatioInterval {
  const pairs = pairsOf(first, other);
  return pairedRatio(
    pairs.map(([own]) => own),
    pairs.map(([, beside]) => beside),
  );
}

/** Only rounds in which both ran make a pair. */
function pairsOf(first: Measured, other: Measured): readonly (readonly [own: number, beside: number])[] {
  return other.costs.flatMap((cost, round) => {
    const beside = first.costs[round];
    return cost === undefined || beside === undefined ? [] : [[cost.wallSeconds, beside.wallSeconds] as const];
  });
}

/** Print the table, the fastest peer first, and below it who is not in it and what differs. */
export function formatReport(figures: readonly Figures[], memoryBy: string): string {
  const [first, ...others] = figures;
  if (first === undefined) return "";
  const ran = others.filter(({ rounds }) => rounds > 0).toSorted((a, b) => (a.wallSeconds ?? 0) - (b.wallSeconds ?? 0));
  const head = ["", "version", "wall s", "CPU s", "peak MiB", "MB/s", `÷ ${first.name}`, "interval", "pairs"];
  const lines = [formatTable(head, [first, ...ran].map(cellsOf))];
  const coverages = new Set(
    ran.flatMap(({ ratio }) => (ratio === undefined || ratio.pairs < 2 ? [] : [ratio.coverage])),
  );
  if (ran.length > 0) {
    const covers =
      [...coverages].map((share) => `${(share * 100).toFixed(1)} %`).join(" or ") || "nothing in one round";
    lines.push(
      `÷ is its wall time over ${first.name}'s, median of the rounds' ratios: above 1 ${first.name} is faster. Intervals are by order`,
      `statistics and cover the true median with ${covers}. Memory is ${memoryBy}.`,
    );
  }
  for (const { name, failure } of figures) if (failure !== undefined) lines.push(`left out: ${name} ${failure}`);
  const differing = figures.filter(({ difference }) => difference !== undefined);
  for (const { name, difference } of differing) lines.push(`DIFFERS: ${name} found ${difference}`);
  const answers = figures.filter(({ answer }) => answer !== undefined).length;
  if (differing.length === 0 && answers > 1 && first.answer !== undefined)
    lines.push(`all ${answers} answers agree: ${first.answer.size}, ${first.answer.hash}`);
  return `${lines.join("\n")}\n`;
}

function cellsOf(figures: Figures): readonly string[] {
  const { ratio } = figures;
  const interval = ratio === undefined || ratio.pairs < 2 ? "" : `${ratio.low.toFixed(2)}–${ratio.high.toFixed(2)}`;
  return [
    figures.kind === "reference" ? `(${figures.name})` : figures.name,
    figures.version,
    shown(figures.wallSeconds, formatSeconds),
    shown(figures.cpuSeconds, formatSeconds),
    shown(figures.peakBytes, (bytes) => (bytes / 2 ** 20).toFixed(0)),
    shown(figures.megabytesASecond, (speed) => speed.toFixed(1)),
    shown(ratio?.median, (times) => times.toFixed(2)),
    interval,
    String(figures.rounds),
  ];
}

function shown(value: number | undefined, format: (value: number) => string): string {
  return value === undefined ? "" : format(value);
}
