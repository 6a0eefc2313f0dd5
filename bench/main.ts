// `npm run bench -- WORKLOAD`: Millrace beside what a user would take instead, on the same file in the same run.
// See bench/README.md.

import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArguments, usage } from "./command/parse-arguments.ts";
import type { MeasureOptions } from "./command/parse-arguments.ts";
import { benchCache } from "./data/cache-directory.ts";
import { dataSet } from "./data/data-sets.ts";
import { kernelBenches } from "./kernels/all-kernels.ts";
import { compareKernel, createSideMemories, formatKernels, measureKernel } from "./kernels/measure-kernels.ts";
import type { KernelFigures } from "./kernels/measure-kernels.ts";
import { millraceContestant, peerContestant } from "./measure/contestant.ts";
import type { Contestant } from "./measure/contestant.ts";
import { machineFacts } from "./measure/machine-facts.ts";
import { createMemoryLimit } from "./measure/memory-limit.ts";
import type { MemoryLimit } from "./measure/memory-limit.ts";
import { measureWorkload } from "./measure/measure-workload.ts";
import { otherRevision, removeRevisions } from "./measure/other-revision.ts";
import { figuresOf, formatReport } from "./measure/report.ts";
import { allPeers } from "./peers/all-peers.ts";
import { installPeers } from "./peers/install-peers.ts";
import type { Workload } from "./workloads/workload.ts";
import { workloads } from "./workloads/workloads.ts";
import { parseBytes, formatBytes } from "../packages/cli/src/output/units.ts";

const repository = fileURLToPath(new URL("..", import.meta.url));
const known = {
  workloads: workloads.map(({ name }) => name),
  peers: allPeers.map(({ name }) => name),
  kernels: kernelBenches.map(({ name }) => name),
};

/** What a job has. */
const kernelBatchBytes = 1024 * 1024;
/** A hundred lines and more of each. */
const kernelSmokeBytes = 64 * 1024;

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  const request = parseArguments(args, known);
  switch (request.kind) {
    case "help":
      console.log(usage(known));
      return 0;
    case "clean":
      removeRevisions(repository);
      rmSync(benchCache(), { recursive: true, force: true });
      return 0;
    case "install-peers":
      return (await installPeers(request.names)).length === 0 ? 0 : 1;
    case "kernels":
      return measureKernels(request);
    case "measure":
      if (request.options.isSmoke) compareKernels();
      return measure(request.workloads, request.options);
  }
}

async function measureKernels({
  names,
  seed,
  json,
}: {
  readonly names: readonly string[];
  readonly seed: number;
  readonly json?: string;
}): Promise<number> {
  const facts = machineFacts(repository);
  showFacts(facts);
  const memories = createSideMemories();
  const results: KernelFigures[] = [];
  for (const bench of kernelBenches) {
    if (!names.includes(bench.name)) continue;
    results.push(await measureKernel(bench, { batchBytes: kernelBatchBytes, seed }, memories));
  }
  console.log(`\n${formatKernels(results)}`);
  if (json !== undefined) writeFileSync(json, `${JSON.stringify({ facts, seed, results }, null, 2)}\n`);
  return 0;
}

/** That each runs, and gives what its twin gives: no figures. */
function compareKernels(): void {
  const memories = createSideMemories();
  for (const bench of kernelBenches) compareKernel(bench, { batchBytes: kernelSmokeBytes, seed: 1 }, memories);
  console.log(`kernels: ${kernelBenches.length} agree with their twins`);
}

async function measure(names: readonly string[], options: MeasureOptions): Promise<number> {
  const facts = machineFacts(repository);
  const contestants = await contestantsOf(options, facts.revision ?? "unknown");
  const limit = options.memoryBytes === undefined ? undefined : createMemoryLimit(options.memoryBytes);
  showFacts(facts);
  if (limit !== undefined) console.log(`each run is bound to ${formatBytes(limit.bytes)} by ${limit.by}`);
  stopOnSignals(limit);
  const results = [];
  let isAgreed = true;
  try {
    for (const name of names) {
      const workload = workloads.find((each) => each.name === name);
      if (workload === undefined) continue;
      const result = await measureOne(workload, { contestants, options, limit });
      isAgreed &&= result.isAgreed;
      results.push(result.figures);
      // After each workload, so that a bench that is stopped leaves what it has measured.
      if (options.json !== undefined)
        writeFileSync(
          options.json,
          `${JSON.stringify({ facts, options, memoryLimitBy: limit?.by, results }, null, 2)}\n`,
        );
    }
  } finally {
    limit?.remove();
  }
  return isAgreed ? 0 : 1;
}

function showFacts(facts: ReturnType<typeof machineFacts>): void {
  console.log(
    `${facts.processor}, ${facts.cores} cores, ${formatBytes(facts.memoryBytes)}, Linux ${facts.kernel}, Node ${facts.node}`,
  );
  console.log(
    `load before: ${facts.loadBefore}${facts.loadBefore > 0.5 ? ": others use this machine, take figures as noise" : ""}`,
  );
}

interface MeasureSetup {
  readonly contestants: readonly Contestant[];
  readonly options: MeasureOptions;
  readonly limit: MemoryLimit | undefined;
}

async function measureOne(
  workload: Workload,
  { contestants, options, limit }: MeasureSetup,
): Promise<{ readonly isAgreed: boolean; readonly figures: object }> {
  const asked = workload.name === "small-job" ? undefined : options.bytes;
  const bytes = asked ?? parseBytes(workload.sizeByDefault, "--size");
  const data = workload.data.map((name) => dataSet(name, bytes, (path) => console.log(`making ${path}`)));
  const total = data.reduce((sum, set) => sum + set.bytes, 0);
  console.log(`\n${workload.name}: ${workload.about}; ${formatBytes(total)}, ${options.slots} slots`);
  const measured = await measureWorkload(workload, {
    contestants,
    data,
    pairs: options.pairs,
    slowPairs: options.slowPairs,
    slots: options.slots,
    deadlineMs: options.deadlineMs,
    ...(limit === undefined ? {} : { limit }),
    log: (line) => console.log(line),
  });
  const figures = figuresOf(measured, total);
  console.log(`\n${formatReport(figures, memoryBy(limit))}`);
  const ours = figures.filter(({ kind }) => kind === "millrace");
  return {
    isAgreed:
      figures.every(({ difference }) => difference === undefined) &&
      ours.every(({ failure }) => failure === undefined) &&
      (!options.isSmoke || figures.every(({ failure }) => failure === undefined)),
    figures: { workload: workload.name, bytes: total, data, figures },
  };
}

function memoryBy(limit: MemoryLimit | undefined): string {
  return limit?.peakBytes() === undefined
    ? "the highest sum of PSS over the tree of processes that was seen, looking each 40 ms or so"
    : "the control group's memory.peak, page cache that it caused included";
}

/** Millrace first: everyone is compared with it. */
async function contestantsOf(options: MeasureOptions, revision: string): Promise<readonly Contestant[]> {
  const contestants = [millraceContestant("millrace", { directory: repository, revision, isOther: false })];
  if (options.compare !== undefined) {
    const other = otherRevision(repository, options.compare);
    contestants.push(millraceContestant(`millrace@${options.compare}`, { ...other, isOther: true }));
  }
  for (const peer of allPeers) {
    if (options.peers !== "all" && !options.peers.includes(peer.name)) continue;
    const found = await peer.find();
    if (found.kind === "found") contestants.push(peerContestant(peer, found));
    else console.log(`left out: ${peer.name} ${found.reason}`);
  }
  return contestants;
}

function stopOnSignals(limit: MemoryLimit | undefined): void {
  process.on("exit", () => rmSync(join(benchCache("runs"), String(process.pid)), { recursive: true, force: true }));
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      limit?.remove();
      // Not the code: what still runs is killed on exit.
      process.exit(130);
    });
  }
}
