// Shuffle over links of so many MB/s: segments as they are, and as the engine chooses (LZ4 where the link is slower than
// the codec). Source and gatherer are threads, the link a proxy here. Both run in turn, for a bounded number of bytes.
// Usage: node bench/shuffle-links.ts [--rounds 3] [--seconds 3] [--links 10,50,200,0] [--segments 4,32] [--contents all]
// where a link of 0 is loopback itself, and segments are in MB

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Worker, isMainThread, parentPort, workerData } from "node:worker_threads";
import type { AttemptRef, JobId, WorkerId } from "@millrace/core";
import { RunWriter, type SegmentVector } from "@millrace/data";
import type { SegmentRequest, SegmentSource } from "@millrace/ports";
import { createSegmentGatherer, startShuffleService } from "@millrace/shuffle";
import { nodeRunTools, runPath, runsPath } from "@millrace/shuffle/files";
import { slowLink } from "../packages/shuffle/test/slow-link.ts";
import { median } from "./measure/statistics.ts";

const job = `job-${"a".repeat(26)}` as JobId;
const key = "5e".repeat(32);
const MB = 1_000_000;
/** Of a run file: 16 segments of 4 MB, 2 of 32 MB. */
const runBytes = 64 * MB;
const source: AttemptRef = { job, stage: 0, task: 0, attempt: 0 };

/** What the segments hold: words with their counts, lines of an access log, bytes that nothing makes shorter. */
const contents = ["words and counts", "lines of a log", "noise"] as const;

/** What a side's thread is told. */
type Part =
  | { readonly kind: "source"; readonly root: string }
  | { readonly kind: "gatherer"; readonly packed: boolean };

/** One measurement of a gatherer's thread. */
interface Gathered {
  readonly ms: number;
  readonly bytes: number;
  readonly wireBytes: number;
}

async function serve(root: string): Promise<void> {
  const service = await startShuffleService({ root, host: "127.0.0.1", port: 0 });
  service.openJob(job, key);
  parentPort?.postMessage(service.port);
}

/** Gathers what it is told to, over a link of which it knows nothing at first. */
function gather(packed: boolean): void {
  parentPort?.on("message", (requests: readonly SegmentRequest[]) => void gatherAll(packed, requests));
}

async function gatherAll(packed: boolean, requests: readonly SegmentRequest[]): Promise<void> {
  const own: SegmentSource = packed
    ? (await startShuffleService({ root: tmpdir(), host: "127.0.0.1", port: 0 })).source
    : createSegmentGatherer({ tools: nodeRunTools });
  const begun = performance.now();
  let bytes = 0;
  let wireBytes = 0;
  // As many at a time as a worker fetches, each segment once.
  const left = requests.values();
  const atOnce = Math.min(8, new Set(requests.map(({ partition }) => partition)).size);
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (const request of left) {
        const outcome = await own.fetch(request, new AbortController().signal);
        if (outcome.kind !== "fetched") throw new Error(JSON.stringify(outcome));
        bytes += outcome.bytes;
        wireBytes += outcome.wireBytes;
      }
    }),
  );
  parentPort?.postMessage({ ms: performance.now() - begun, bytes, wireBytes } satisfies Gathered);
  await own.close();
}

async function measure(): Promise<void> {
  const { values } = parseArgs({
    options: {
      rounds: { type: "string", default: "3" },
      seconds: { type: "string", default: "3" },
      links: { type: "string", default: "10,50,200,0" },
      segments: { type: "string", default: "4,32" },
      contents: { type: "string", default: "all" },
    },
  });
  const root = mkdtempSync(join(tmpdir(), "millrace-bench-links-"));
  try {
    const chosen = contents.filter((content) => values.contents === "all" || values.contents.includes(content));
    for (const [content, megabytes] of chosen.flatMap((each) =>
      values.segments.split(",").map((size) => [each, Number(size)] as const),
    )) {
      const segmentBytes = megabytes * MB;
      const vector = writeRun(root, content, segmentBytes);
      const rows: Record<string, object> = {};
      for (const link of values.links.split(",")) {
        const rate = Number(link) === 0 ? Infinity : Number(link);
        rows[rate === Infinity ? "loopback" : `${link} MB/s`] = await compare({
          root,
          vector,
          segmentBytes,
          rate,
          rounds: Number(values.rounds),
          bytes: Math.min(rate * MB * Number(values.seconds), 512 * MB),
        });
      }
      console.log(`${content}, ${megabytes} MB each: MB/s of segments, median of ${values.rounds} rounds in turn`);
      console.table(rows);
    }
  } finally {
    rmSync(root, { recursive: true });
  }
}

/** What {@link compare} measures. */
interface Comparison {
  readonly root: string;
  readonly vector: SegmentVector;
  readonly segmentBytes: number;
  /** MB/s. */
  readonly rate: number;
  readonly rounds: number;
  /** Bytes of each measurement. */
  readonly bytes: number;
}

async function compare({ rounds, ...what }: Comparison): Promise<object> {
  const results = {
    raw: [] as number[],
    chosen: [] as number[],
    wire: [] as number[],
    cpuRaw: 0,
    cpuChosen: 0,
    bytes: 0,
  };
  for (let round = 0; round < rounds; round += 1) {
    for (const packed of round % 2 === 0 ? [false, true] : [true, false]) {
      const begun = process.cpuUsage();
      const gathered = await once(what, packed);
      const { user, system } = process.cpuUsage(begun);
      (packed ? results.chosen : results.raw).push(gathered.bytes / gathered.ms / 1_000);
      if (packed) results.wire.push(gathered.wireBytes / gathered.bytes);
      if (packed) results.cpuChosen += user + system;
      else results.cpuRaw += user + system;
      if (packed) results.bytes += gathered.bytes;
    }
  }
  const perGB = (micros: number): string => ((micros / results.bytes) * 1_000).toFixed(2);
  return {
    raw: Math.round(median(results.raw)),
    chosen: Math.round(median(results.chosen)),
    ratio: (median(results.chosen) / median(results.raw)).toFixed(2),
    "wire bytes a byte": median(results.wire).toFixed(2),
    "cpu s/GB raw": perGB(results.cpuRaw),
    "cpu s/GB chosen": perGB(results.cpuChosen),
  };
}

async function once(
  { root, vector, segmentBytes, rate, bytes }: Omit<Comparison, "rounds">,
  packed: boolean,
): Promise<Gathered> {
  const serving = part({ kind: "source", root });
  const gathering = part({ kind: "gatherer", packed });
  const port = await next<number>(serving);
  const direct = `127.0.0.1:${port}`;
  const link = rate === Infinity ? undefined : await slowLink(direct, rate * MB);
  const target = mkdtempSync(join(root, "gathered-"));
  try {
    const requests = requestsOf(vector, {
      address: link?.address ?? direct,
      target,
      count: Math.ceil(bytes / segmentBytes),
    });
    gathering.postMessage(requests);
    return await next<Gathered>(gathering);
  } finally {
    await link?.close();
    await Promise.all([serving.terminate(), gathering.terminate()]);
    rmSync(target, { recursive: true });
  }
}

function part(data: Part): Worker {
  return new Worker(new URL(import.meta.url), { workerData: data });
}

function next<Message>(worker: Worker): Promise<Message> {
  return new Promise((resolve, reject) => {
    worker.once("message", resolve);
    worker.once("error", reject);
  });
}

function requestsOf(
  vector: SegmentVector,
  { address, target, count }: { readonly address: string; readonly target: string; readonly count: number },
): readonly SegmentRequest[] {
  return Array.from({ length: count }, (_, index) => {
    const partition = index % vector.pairs.length;
    return {
      reader: { job, stage: 1, task: partition, attempt: 0 },
      source,
      partition,
      place: {
        task: 0,
        attempt: 0,
        worker: "w-1" as WorkerId,
        address,
        pairs: vector.pairs[partition] ?? 0,
        rawBytes: vector.rawBytes[partition] ?? 0,
        digest: vector.digests[partition] ?? "",
      },
      shuffleKey: key,
      // Written over and over: a page cache of 64 MB is enough.
      path: join(target, `${partition}-${index % 8}`),
    };
  });
}

/** Make a run file of segments of so many bytes. */
function writeRun(root: string, content: (typeof contents)[number], segmentBytes: number): SegmentVector {
  const partitions = Math.ceil(runBytes / segmentBytes);
  mkdirSync(runsPath(root, job), { recursive: true });
  const pieces: Uint8Array[] = [];
  const writer = new RunWriter({
    target: {
      write: (bytes) => void pieces.push(bytes.slice()),
      finish: () => writeFileSync(runPath(root, source), Buffer.concat(pieces)),
      discard: () => undefined,
    },
    crc32: nodeRunTools.crc32,
    partitions,
    kind: "values",
    sources: "single",
  });
  const random = lehmer();
  for (let partition = 0; partition < partitions; partition += 1) {
    let bytes = 0;
    for (let pair = 0; bytes < segmentBytes; pair += 1) {
      const [word, value] = pairOf(content, pair, random);
      writer.append(partition, new Range(word), new Range(value));
      bytes += word.length + value.length + 4;
    }
  }
  return writer.finish().vector;
}

/** Keys ascend with `pair`. */
function pairOf(
  content: (typeof contents)[number],
  pair: number,
  random: () => number,
): readonly [Uint8Array, Uint8Array] {
  const number = pair.toString(36).padStart(5, "0");
  switch (content) {
    case "words and counts": {
      const count = Buffer.alloc(4);
      count.writeUInt32LE(1 + (random() % 300 === 0 ? random() % 100_000 : random() % 8));
      return [
        Buffer.from(
          number +
            random()
              .toString(36)
              .slice(0, 2 + (random() % 4)),
        ),
        count,
      ];
    }
    case "lines of a log": {
      const path = `/shop/item-${random() % (1 + (random() % 10_000))}`;
      const host = `10.${random() % 4}.${random() % 256}.${random() % 256}`;
      const agent = `Mozilla/5.0 (X11; Linux x86_64) Gecko/${100 + (random() % 30)}`;
      const line = `${host} - - [12/Mar/2026:10:${10 + (pair % 50)}:07 +0000] "GET ${path} HTTP/1.1" 200 ${random() % 90_000} "-" "${agent}"`;
      return [Buffer.from(number), Buffer.from(line)];
    }
    case "noise":
      return [Buffer.from(number), Uint8Array.from({ length: 1_000 }, () => random() >>> 9)];
  }
}

/** Lehmer's generator: the same bytes each time. */
function lehmer(): () => number {
  let state = 1;
  return () => (state = (state * 48_271) % 0x7fffffff);
}

/** Bytes as the writer takes them. */
class Range {
  bytes: Uint8Array;
  start = 0;
  end: number;
  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.end = bytes.length;
  }
  set(bytes: Uint8Array, start: number, end: number): this {
    Object.assign(this, { bytes, start, end });
    return this;
  }
  get length(): number {
    return this.end - this.start;
  }
}

const role = workerData as Part | null;
if (isMainThread) await measure();
else if (role?.kind === "source") await serve(role.root);
else gather(role?.packed ?? false);
