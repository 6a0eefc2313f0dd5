// The worker's machine as stories: testdata/worker-*.txt. One command is one event at a time; what is printed is what
// the machine asks for, one effect a line.

import { readdirSync } from "node:fs";
import { describe } from "vitest";
import {
  attemptName,
  parseAttemptName,
  WorkerMachine,
  type AttemptRef,
  type CoordinatorMessage,
  type Epoch,
  type Incarnation,
  type InventoryVerdict,
  type JobBrief,
  type JobId,
  type SegmentPlace,
  type WorkerDescription,
  type WorkerEffect,
  type WorkerEvent,
  type WorkerId,
  type WorkerLimits,
  type WorkerMessage,
} from "../../../src/index.ts";
import { scriptTest } from "../../script.ts";

const directory = new URL("../../testdata/", import.meta.url).pathname;

describe("WorkerMachine", () => {
  for (const name of readdirSync(directory).filter((file) => /^worker-.*\.txt$/.test(file))) {
    scriptTest(`${directory}${name}`, makeRun);
  }
});

/** Jobs are called `a`, `b`, … in scripts. */
const jobId = (name: string): JobId => `job-${name.repeat(26)}` as JobId;
const jobName = (id: string): string => id.slice(4, 5);

function parseRef(text: string): AttemptRef {
  const [job = "", attempt = ""] = text.split("/");
  const ref = parseAttemptName(jobId(job), attempt);
  if (ref === undefined) throw new Error(`no attempt: ${text}`);
  return ref;
}

const printRef = (ref: AttemptRef): string => `${jobName(ref.job)}/${attemptName(ref)}`;

/** `1-0.0` style words after the event's name, and `name=value` options. */
function words(command: string): {
  readonly plain: readonly string[];
  readonly option: (name: string) => string | undefined;
} {
  const all = command.split(/\s+/).filter((word) => word !== "");
  return {
    plain: all.filter((word) => !word.includes("=")),
    option: (name) => all.find((word) => word.startsWith(`${name}=`))?.slice(name.length + 1),
  };
}

function makeRun(): (command: string) => string {
  let machine = new WorkerMachine();
  let atMs = 0;
  let wakeAtMs = Infinity;
  const step = (event: WorkerEvent): readonly WorkerEffect[] => {
    const effects = machine.step(atMs, event);
    for (const effect of effects) if (effect.kind === "wake") wakeAtMs = effect.atMs;
    return effects;
  };
  return (command) => {
    if (command.startsWith("limits ")) {
      const { option } = words(command);
      const limits: Partial<Record<keyof WorkerLimits, number>> = {};
      for (const name of [
        "fetchesMax",
        "fetchesPerSourceMax",
        "fetchTriesMax",
        "orphanKeepMs",
        "gathersMax",
      ] as const) {
        const value = option(name);
        if (value !== undefined) limits[name] = Number(value);
      }
      machine = new WorkerMachine(limits);
      return "";
    }
    if (command === "counters") return JSON.stringify(machine.counters);
    if (command === "summary") return JSON.stringify(machine.summary);
    const lines: string[] = [];
    if (command.startsWith("run-to ")) {
      // Time passes, and each tick comes when it was asked for.
      const endMs = Number(command.slice("run-to ".length));
      while (wakeAtMs <= endMs) {
        atMs = wakeAtMs;
        wakeAtMs = Infinity;
        for (const effect of step({ kind: "tick" }))
          if (effect.kind !== "wake") lines.push(`@${atMs} ${printEffect(effect)}`);
      }
      atMs = endMs;
      return lines.join("\n");
    }
    for (const line of command.split("\n")) {
      const match = /^(?:@(\d+) )?(.*)$/.exec(line);
      atMs = match?.[1] === undefined ? atMs : Number(match[1]);
      lines.push(...step(parseEvent(match?.[2] ?? "")).map(printEffect));
    }
    return lines.join("\n");
  };
}

function parseEvent(line: string): WorkerEvent {
  const { plain, option } = words(line);
  const [kind = "", first = "", second = ""] = plain;
  switch (kind) {
    case "started":
      return {
        kind,
        description: { ...description, slots: Number(option("slots") ?? 1) },
        held: plain.slice(1).map((ref) => ({ attempt: parseRef(ref), vectorDigest: "adopted" })),
      };
    case "connected":
    case "disconnected":
    case "tick":
      return { kind };
    case "disk-measured":
      return { kind, freeDiskBytes: Number(first) };
    case "fetched":
      return { kind, reader: parseRef(first), ...place(second), bytes: 100 };
    case "fetch-failed":
      return {
        kind,
        reader: parseRef(first),
        ...place(second),
        reason: (plain[3] ?? "cut") as "cut",
        ...(option("local") === undefined ? {} : { local: { code: option("local") ?? "", message: "its disk" } }),
      };
    case "progress":
      return {
        kind: "attempt-progress",
        progress: { attempt: parseRef(first), phase: "map", fraction: 0.5, records: Number(second), bytes: 0 },
      };
    case "finished":
      return finished(parseRef(first), option("run"));
    case "failed":
      return { kind: "attempt-failed", attempt: parseRef(first), failure: { code: second, message: "it failed" } };
    case "stopped":
      return { kind: "attempt-stopped", attempt: parseRef(first) };
    case "run-verified":
      return { kind, source: parseRef(first), intact: second === "intact" };
    default:
      return { kind: "message", message: parseMessage(line) };
  }
}

/** `3.0` is what map task 3's attempt 0 made. */
function place(text: string): { readonly task: number; readonly attempt: number } {
  const [task, attempt] = text.split(".");
  return { task: Number(task), attempt: Number(attempt) };
}

function finished(attempt: AttemptRef, run: string | undefined): WorkerEvent {
  const result = {
    attempt,
    consumed: { kind: "splits", ranges: [], records: 1, badRecords: 0, bytes: 1 },
    files: [],
    counters: {},
    badRecords: [],
    usage: { durationMs: 1, cpuMs: 1, peakRssBytes: 1 },
  } as const;
  if (run === undefined) return { kind: "attempt-finished", result };
  const summary = { partitions: 1, storedBytes: 1, pairs: 1, rawBytes: 1, vectorDigest: run };
  return {
    kind: "attempt-finished",
    result: { ...result, run: summary },
    vector: { pairs: [1], rawBytes: [1], digests: ["d"] },
  };
}

const verdicts = (text: string | undefined): InventoryVerdict[] =>
  text === undefined || text === "" ? [] : (text.split(",") as InventoryVerdict[]);

function parseMessage(line: string): CoordinatorMessage {
  const { plain, option } = words(line);
  const [kind = "", first = "", ...rest] = plain;
  switch (kind) {
    case "registered":
      return {
        kind,
        epoch: Number(option("epoch") ?? 1) as Epoch,
        leaseMs: 10_000,
        heartbeatMs: Number(option("beat") ?? 1_000),
        running: verdicts(option("running")),
        gathering: verdicts(option("gathering")),
        held: verdicts(option("held")),
      };
    case "refused":
      return { kind, code: first, message: "no" };
    case "brief":
      return { kind, brief: { ...brief, job: jobId(first) } };
    case "launch-map":
      return { kind, attempt: parseRef(first), split: { input: 0, parts: [], bytes: 0, hosts: [] } };
    case "launch-sample":
      return {
        kind,
        attempt: parseRef(first),
        split: { input: 0, parts: [], bytes: 0, hosts: [] },
        keysMax: Number(option("keys") ?? 10),
      };
    case "ranges":
      return { kind, job: jobId(first), stage: Number(rest[0]), cuts: rest.slice(1) };
    case "gather":
      return { kind, attempt: parseRef(first), maps: Number(option("maps")) };
    case "places":
      return { kind, attempt: parseRef(first), places: rest.map(parsePlace) };
    case "places-lost":
      return { kind, attempt: parseRef(first), tasks: rest.map(Number) };
    case "kill":
      return { kind, attempt: parseRef(first), reason: "asked for" };
    case "launch-reduce":
    case "acknowledge":
    case "release":
      return { kind, attempt: parseRef(first) };
    case "verify":
      return { kind, source: parseRef(first) };
    case "forget-job":
      return { kind, job: jobId(first) };
    default:
      throw new Error(`unknown command ${line}`);
  }
}

/** `3.0@w-2`, `3.0@w-2:empty`, `3.0@w-2:other` (another content). */
function parsePlace(text: string): SegmentPlace {
  const [ref = "", where = ""] = text.split("@");
  const [worker = "", form = "pairs"] = where.split(":");
  const pairs = form === "empty" ? 0 : 10;
  return {
    ...place(ref),
    worker: worker as WorkerId,
    address: `${worker}:1`,
    pairs,
    rawBytes: pairs * 10,
    digest: form,
  };
}

const description: WorkerDescription = {
  worker: "w-1" as WorkerId,
  incarnation: 1 as Incarnation,
  host: "one",
  rack: "/default-rack",
  slots: 1,
  shuffleAddress: "w-1:1",
  freeDiskBytes: 1_000,
  dataVersions: [1],
  nodeMajor: 24,
  protocols: [1],
};

/** Stage 0 maps, stage 1 reduces and hands on, stage 2 reduces; stage 3 samples for the maps of stage 4. */
const brief: JobBrief = {
  job: jobId("a"),
  name: "story",
  bundleSha256: "0",
  params: {},
  shuffleKey: "0",
  taskTimeoutMs: 5_000,
  inputGrowth: "refuse",
  seed: "0",
  stages: [
    { kind: "map", tasks: 10, partitions: 4, reads: -1, outputs: [] },
    { kind: "reduce", tasks: 4, partitions: 2, reads: 0, outputs: [] },
    { kind: "reduce", tasks: 2, partitions: 0, reads: 1, outputs: [] },
    { kind: "sample", tasks: 10, partitions: 0, reads: -1, outputs: [] },
    { kind: "map", tasks: 10, partitions: 4, reads: -1, outputs: [] },
  ],
  stagingUri: "memory:///staging",
};

function printEffect(effect: WorkerEffect): string {
  switch (effect.kind) {
    case "send":
      return `send ${printMessage(effect.message)}`;
    case "prepare-job":
      return `prepare-job ${jobName(effect.brief.job)}`;
    case "run-map":
      return `run-map ${printRef(effect.attempt)}${effect.cuts === undefined ? "" : ` cut at ${effect.cuts.join(" ")}`}`;
    case "run-sample":
      return `run-sample ${printRef(effect.attempt)} of ${effect.keysMax} keys`;
    case "stop-attempt":
    case "delete-run":
      return `${effect.kind} ${printRef(effect.attempt)}`;
    case "run-reduce":
      return `run-reduce ${printRef(effect.attempt)} ${effect.segments.map((s) => `${s.task}.${s.attempt}:${s.where}`).join(" ")}`;
    case "fetch":
      return `fetch ${printRef(effect.reader)} ${effect.place.task}.${effect.place.attempt}@${effect.place.worker}`;
    case "cancel-fetches":
      return `cancel-fetches ${printRef(effect.reader)} ${effect.tasks?.join(",") ?? "all"}`;
    case "verify-run":
      return `verify-run ${printRef(effect.source)}`;
    case "delete-gathered":
      return `delete-gathered ${printRef(effect.reader)}`;
    case "delete-job":
      return `delete-job ${jobName(effect.job)}`;
    case "disconnect":
      return `disconnect: ${effect.reason}`;
    case "exit":
      return `exit ${effect.code}: ${effect.message.replaceAll(/job-(.)\1+/g, "$1")}`;
    case "wake":
      return `wake ${effect.atMs}`;
  }
}

function printMessage(message: WorkerMessage): string {
  switch (message.kind) {
    case "register": {
      const { running, gathering, unacknowledged, held } = message.inventory;
      const list = (name: string, refs: readonly AttemptRef[]): string =>
        refs.length === 0 ? "" : ` ${name}=${refs.map(printRef).join(",")}`;
      return `register disk=${message.description.freeDiskBytes}${list("running", running)}${list("gathering", gathering)}${list("unacknowledged", unacknowledged)}${list(
        "held",
        held.map(({ attempt }) => attempt),
      )}`;
    }
    case "heartbeat":
      return `heartbeat${message.progress.map((p) => ` ${printRef(p.attempt)}:${p.phase}:${p.fraction.toFixed(2)}`).join("")}`;
    case "finished":
      return `finished ${printRef(message.result.attempt)}${message.vector === undefined ? "" : " with a vector"}`;
    case "failed":
      return `failed ${printRef(message.attempt)} ${message.failure.code}: ${message.failure.message.replaceAll(/job-(.)\1+/g, "$1")}`;
    case "gathered":
      return `gathered ${printRef(message.attempt)}`;
    case "complaint":
      return `complaint of ${printRef(message.reader)} about ${printRef(message.source)} on ${message.sourceWorker}: ${message.reason}`;
    case "verified":
      return `verified ${printRef(message.source)} ${message.intact ? "intact" : "bad"}`;
  }
}
