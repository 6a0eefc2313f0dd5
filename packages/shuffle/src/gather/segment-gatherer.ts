// Makes the SegmentSource of a worker: fetches over kept-alive HTTP/1.1 connections, those for one job and source that
// wait together in one request. A cut response goes on where it ended; what failed for good is told with its reason.

import { Agent } from "node:http";
import type { BlockCodec, RunTools } from "@millrace/data";
import type { SegmentOutcome, SegmentRequest, SegmentSource } from "@millrace/ports";
import type { LinkCoding } from "../coding/packed-block.ts";
import { shuffleLimits, type ShuffleLimits } from "../shuffle-limits.ts";
import { FetchItem } from "./fetch-item.ts";
import type { Moment } from "./answer-meter.ts";
import { fetchBatch } from "./fetch-batch.ts";
import {
  chooseCoding,
  isOutdated,
  leavePacking,
  noteSample,
  probeBytes,
  stretchBytes,
  wantsSample,
  type LinkState,
} from "./link-coding.ts";
import { LinkTable } from "./link-table.ts";
import type { BatchFault, ReadAnswer } from "./read-answer.ts";

/** What a gatherer is made of. */
export interface GathererOptions {
  /** For verifying segments: CRC and codecs. */
  readonly tools: RunTools;
  /** Codec for slow links, asked for when one is met; undefined where it is not installed. */
  readonly loadCodec?: () => Promise<BlockCodec | undefined>;
  /** Time as this thread has it; a test plays its own. */
  readonly clock?: () => Moment;
  readonly limits?: Partial<ShuffleLimits>;
}

/** Make a gatherer. Its memory and connections are bounded by the fetches that its worker starts. */
export function createSegmentGatherer(options: GathererOptions): SegmentSource {
  return new SegmentGatherer(options);
}

/** A piece below this says little of the codec; the network gives up to 64 KiB at a time. */
const sampleBytesMin = 16 * 1024;

/** The shortest counts: the first runs cold code, and any may be interrupted by what else the machine does. */
const sampleRuns = 5;

/** Fetches for one job from one address. */
interface SourceQueue {
  readonly address: string;
  readonly waiting: FetchItem[];
  requests: number;
}

class SegmentGatherer implements SegmentSource {
  readonly #limits: ShuffleLimits;
  readonly #tools: RunTools;
  readonly #agent: Agent;
  readonly #queues = new Map<string, SourceQueue>();
  readonly #pending = new Set<Promise<unknown>>();
  readonly #closing = new AbortController();
  readonly #links: LinkTable;
  #loadCodec: () => Promise<BlockCodec | undefined>;
  readonly #clock: () => Moment;
  /** Links for which the codec is just being tried. */
  readonly #sampled = new Set<LinkState>();
  /** Once it is loaded. */
  #codec: BlockCodec | undefined;

  constructor({ tools, limits, loadCodec, clock }: GathererOptions) {
    this.#limits = { ...shuffleLimits, ...limits };
    this.#tools = tools;
    this.#links = new LinkTable(this.#limits.linksMax);
    this.#loadCodec = loadCodec ?? withoutCodec;
    this.#clock = clock ?? threadMoment;
    // Requests are bounded above, by their job's queue and the worker's fetches. A bound here too would have one job's
    // request wait for a socket of another's answer, which looks like a source that takes no connection.
    // Sockets idle longer than the server keeps them would meet its close in the middle of a request.
    this.#agent = new Agent({
      keepAlive: true,
      maxFreeSockets: this.#limits.connectionsPerSource,
      timeout: this.#limits.keepAliveMs / 2,
    });
  }

  fetch(request: SegmentRequest, signal: AbortSignal): Promise<SegmentOutcome> {
    const key = `${request.place.address} ${request.source.job}`;
    const queue = this.#queues.get(key) ?? { address: request.place.address, waiting: [], requests: 0 };
    this.#queues.set(key, queue);
    const item = new FetchItem(request, AbortSignal.any([signal, this.#closing.signal]), {
      tools: this.#tools,
      diskMs: this.#limits.diskMs,
      resumes: this.#limits.resumesMax,
      onAbort: () => this.#dropAborted(queue),
    });
    queue.waiting.push(item);
    // Fetches that one step of the worker asks for come in one turn of the loop: they go in one request.
    setImmediate(() => this.#start(key, queue));
    return item.outcome;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.all(this.#pending);
    this.#agent.destroy();
  }

  #start(key: string, queue: SourceQueue): void {
    this.#dropAborted(queue);
    while (queue.waiting.length > 0 && queue.requests < this.#limits.connectionsPerSource) {
      const { items, coding } = this.#takeNext(queue);
      queue.requests += 1;
      const work = this.#run(queue, items, coding).finally(() => {
        this.#pending.delete(work);
        queue.requests -= 1;
        this.#start(key, queue);
      });
      this.#pending.add(work);
    }
    if (queue.waiting.length === 0 && queue.requests === 0) this.#queues.delete(key);
  }

  /** What goes into the next request, and in which coding it is asked for. */
  #takeNext(queue: SourceQueue): { readonly items: readonly FetchItem[]; readonly coding: LinkCoding } {
    if (queue.waiting[0]?.triesRaw === true) return { items: queue.waiting.splice(0, 1), coding: "none" };
    const { coding, probe } = chooseCoding(this.#links.of(queue.address), this.#now);
    return { items: queue.waiting.splice(0, this.#countFor(queue, probe)), coding };
  }

  get #now(): number {
    return this.#clock().atMs;
  }

  /** Segments for the next request: a probe has just enough of them to be measured, and is ended in a long one. */
  #countFor({ waiting }: SourceQueue, probe: boolean): number {
    if (!probe) return this.#limits.segmentsPerRequestMax;
    let bytes = 0;
    const enough = waiting.findIndex(({ request }) => (bytes += request.place.rawBytes) >= probeBytes);
    return Math.min(enough < 0 ? waiting.length : enough + 1, this.#limits.segmentsPerRequestMax);
  }

  async #run(queue: SourceQueue, items: readonly FetchItem[], coding: LinkCoding): Promise<void> {
    const address = parseAddress(queue.address);
    const fault = address === undefined ? badAddress : ((await this.#ask({ ...address, coding }, items)) ?? endedEarly);
    let first = true;
    for (const item of items) {
      if (item.settled) continue;
      if (!item.dead && fault.concerns === "coding") queue.waiting.push(item);
      else if (!item.dead && fault.concerns === "packing" && first && !item.triesRaw) {
        // Whatever broke the block: what came before it was checked, and a complaint costs the source's map a run.
        item.triesRaw = true;
        queue.waiting.unshift(item);
      } else if (!item.dead && mayGoOn(item, fault, first)) {
        item.resumesLeft -= 1;
        item.resumedAt = item.writer.bytes;
        queue.waiting.push(item);
      } else {
        item.writer.fail(fault.reason, fault.message);
        await item.finish();
      }
      first = false;
    }
  }

  async #ask(
    { name, host, port, coding }: Address & { readonly coding: LinkCoding },
    items: readonly FetchItem[],
  ): Promise<BatchFault | undefined> {
    const controller = new AbortController();
    // The request is given up when the last of its items is.
    const onAbort = (): void => {
      if (items.every(({ dead, settled }) => dead || settled)) controller.abort();
    };
    for (const { aborted } of items) aborted.addEventListener("abort", onAbort);
    onAbort();
    try {
      const codec = coding === "lz4" ? this.#codec : undefined;
      const link = this.#links.of(name);
      const source = {
        host,
        port,
        agent: this.#agent,
        limits: this.#limits,
        codec,
        clock: this.#clock,
        link,
        stretchBytes: (packed: boolean) => stretchBytes(link, cameIn(packed), this.#now),
        isOutdated: (packed: boolean, bytes: { readonly taken: number; readonly left: number }) =>
          items[0]?.triesRaw !== true && isOutdated(link, cameIn(packed), bytes),
        onAnswer: (answer: ReadAnswer) => this.#learn(link, coding, answer),
      };
      return await fetchBatch(source, items, controller.signal);
    } finally {
      for (const { aborted } of items) aborted.removeEventListener("abort", onAbort);
    }
  }

  /** Learn from an answer what its link gives, and now and then, where that is slow, what the codec would make of it. */
  #learn(link: LinkState, asked: LinkCoding, { packed, damaged, meter, sample }: ReadAnswer): void {
    meter.tell(link, { asked, coding: cameIn(packed) }, this.#now);
    // Whether the way there or the codec broke it: the next try has nothing to do with codecs.
    if (packed && damaged) leavePacking(link, this.#now);
    if (sample === undefined || sample.length < sampleBytesMin || !wantsSample(link, this.#now)) return;
    if (this.#sampled.has(link)) return;
    this.#sampled.add(link);
    const work = this.#trySample(link, sample).finally(() => {
      this.#sampled.delete(link);
      this.#pending.delete(work);
    });
    this.#pending.add(work);
  }

  async #trySample(link: LinkState, sample: Buffer): Promise<void> {
    let packedBytes = sample.length;
    let elapsedMs = Infinity;
    try {
      this.#codec ??= await this.#loadCodec();
      for (let run = 0; run < sampleRuns; run += 1) {
        const beganMs = this.#now;
        packedBytes = this.#codec?.compress(sample).length ?? sample.length;
        elapsedMs = Math.min(elapsedMs, this.#now - beganMs);
      }
    } catch {
      // A codec that fails on a sample is none: answers come raw from now on.
      this.#codec = undefined;
      this.#loadCodec = withoutCodec;
      packedBytes = sample.length;
    }
    noteSample(link, { rawBytes: sample.length, packedBytes, elapsedMs }, this.#now);
  }

  /** Settle waiting items that nobody wants. */
  #dropAborted(queue: SourceQueue): void {
    for (let at = queue.waiting.length - 1; at >= 0; at -= 1) {
      const item = queue.waiting[at];
      if (item === undefined || !item.dead) continue;
      queue.waiting.splice(at, 1);
      void item.finish();
    }
  }
}

const withoutCodec = (): Promise<undefined> => Promise.resolve(undefined);
const threadMoment = (): Moment => ({
  atMs: performance.now(),
  busyMs: performance.eventLoopUtilization().active,
});
const cameIn = (packed: boolean): LinkCoding => (packed ? "lz4" : "none");

const badAddress: BatchFault = { reason: "unreachable", message: "The source's address is none", concerns: "source" };
const endedEarly: BatchFault = { reason: "cut", message: "The source's answer ended early", concerns: "segment" };

/**
 * A segment that was cut goes on if bytes came since the last time: the check sums judge the whole. The segments behind
 * it have not had their try, and neither has any when a kept-alive connection turns out to have ended.
 */
function mayGoOn(item: FetchItem, fault: BatchFault, first: boolean): boolean {
  if (item.resumesLeft === 0 || fault.concerns === "source") return false;
  if (fault.concerns === "connection" || !first) return true;
  return fault.reason === "cut" && item.writer.bytes > item.resumedAt;
}

interface Address {
  /** As it was given. */
  readonly name: string;
  readonly host: string;
  readonly port: number;
}

/** Parse `host:port` or `[v6]:port`. */
function parseAddress(text: string): Address | undefined {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([A-Za-z0-9.-]+)):(\d{1,5})$/.exec(text);
  const host = match?.[1] ?? match?.[2];
  const port = Number(match?.[3]);
  return host === undefined || port < 1 || port > 65_535 ? undefined : { name: text, host, port };
}
