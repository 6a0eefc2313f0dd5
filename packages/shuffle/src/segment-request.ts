// The text of a request for segments: the job in the path, one line for each segment, nothing optional.
// Numbers have one spelling, so that two texts never mean the same; a name that comes twice is refused.

import { limits, parseAttemptName, parseJobId, type AttemptRef, type JobId } from "@millrace/core";

/** One segment that a request names. */
export interface SegmentOrder {
  readonly source: AttemptRef;
  readonly partition: number;
  /** Bytes of the segment to leave out: those that came before a cut. */
  readonly offset: number;
  /** See `segmentMac`. */
  readonly mac: string;
}

const pathPattern = /^\/segments\/([a-z0-9-]{1,40})$/;
const linePattern = /^([0-9.-]{5,20}) (0|[1-9]\d{0,4}) (0|[1-9]\d{0,14}) ([0-9a-f]{64})$/;

/** Print the path for a job's segments. */
export function segmentsPath(job: JobId): string {
  return `/segments/${job}`;
}

/** Parse a request's path. @returns undefined when it is none for segments. */
export function parseSegmentsPath(path: string): JobId | undefined {
  const match = pathPattern.exec(path);
  return match === null ? undefined : parseJobId(match[1] ?? "");
}

/** Print the body of a request. */
export function printSegmentOrders(orders: readonly SegmentOrder[]): string {
  return orders
    .map(({ source, partition, offset, mac }) => {
      const { stage, task, attempt } = source;
      return `${stage}-${task}.${attempt} ${partition} ${offset} ${mac}\n`;
    })
    .join("");
}

/** Parse the body of a request. @returns undefined when anything in it is not as `printSegmentOrders` prints it. */
export function parseSegmentOrders(job: JobId, body: string, segmentsMax: number): readonly SegmentOrder[] | undefined {
  if (!body.endsWith("\n")) return undefined;
  const lines = body.slice(0, -1).split("\n");
  if (lines.length > segmentsMax) return undefined;
  const names = new Set<string>();
  const orders: SegmentOrder[] = [];
  for (const line of lines) {
    const order = parseLine(job, line);
    if (order === undefined) return undefined;
    names.add(line.slice(0, line.indexOf(" ", line.indexOf(" ") + 1)));
    orders.push(order);
  }
  return names.size === orders.length ? orders : undefined;
}

function parseLine(job: JobId, line: string): SegmentOrder | undefined {
  const [, name = "", partition = "", offset = "", mac = ""] = linePattern.exec(line) ?? [];
  const source = parseAttemptName(job, name);
  if (source === undefined || Number(partition) >= limits.reducesMax) return undefined;
  return { source, partition: Number(partition), offset: Number(offset), mac };
}
