// Segments played over a link, piece by piece, as the gatherer asks for them: no network, no clock, no codec.

import { AnswerMeter } from "../../src/gather/answer-meter.ts";
import { chooseCoding, isOutdated, noteSample, stretchBytes, wantsSample } from "../../src/gather/link-coding.ts";
import type { LinkState } from "../../src/gather/link-coding.ts";

/** Rates in bytes a millisecond; `share` of the wire for each byte, packed. */
export interface PlayedLink {
  readonly link: number;
  readonly codec: number;
  readonly share: number;
}

/** What is played. */
export interface PlayedSegments {
  readonly segmentBytes: number;
  /** Answers at a time, which share the link. */
  readonly connections: number;
  readonly forMs: number;
}

/** What came of it. */
export interface Played {
  readonly ms: number;
  readonly rawMs: number;
  readonly rawBytes: number;
  /** Most raw answers at a time, once packing had begun. */
  readonly rawAtOnce: number;
}

const pieceBytes = 64 * 1024;

/** Play segments of one length, one after the other on each connection. */
export function playSegments(link: LinkState, world: PlayedLink, shape: PlayedSegments): Played {
  let atMs = 0;
  const raw = { ms: 0, bytes: 0, atOnce: 0 };
  const ask = (left: number) => ({ ...chooseCoding(link, atMs), left, taken: 0, meter: new AnswerMeter() });
  const answers = Array.from({ length: shape.connections }, () => ask(shape.segmentBytes));
  while (atMs < shape.forMs) {
    for (const [index, answer] of answers.entries()) {
      const packed = answer.coding === "lz4";
      const wireBytes = pieceBytes * (packed ? world.share : 1);
      const ms = Math.max(wireBytes / world.link, packed ? pieceBytes / world.codec : 0);
      atMs += ms;
      if (!packed) raw.ms += ms;
      if (!packed) raw.bytes += pieceBytes;
      answer.meter.arrived({ atMs, busyMs: 0 }, wireBytes, shape.connections);
      answer.meter.taken({ atMs, busyMs: 0 }, pieceBytes);
      answer.taken += pieceBytes;
      answer.left -= pieceBytes;
      if (answer.left <= 0 || answer.meter.rawBytes >= stretchBytes(link, answer.coding, atMs)) {
        answer.meter.tell(link, { asked: answer.coding, coding: answer.coding }, atMs);
        const sample = { rawBytes: pieceBytes, packedBytes: pieceBytes * world.share };
        if (!packed && wantsSample(link, atMs))
          noteSample(link, { ...sample, elapsedMs: pieceBytes / world.codec }, atMs);
      }
      if (answer.left <= 0) answers[index] = ask(shape.segmentBytes);
      else if (isOutdated(link, answer.coding, answer)) answers[index] = ask(answer.left);
      if (link.packedAnswers > 0)
        raw.atOnce = Math.max(raw.atOnce, answers.filter(({ coding }) => coding === "none").length);
    }
  }
  return { ms: atMs, rawMs: raw.ms, rawBytes: raw.bytes, rawAtOnce: raw.atOnce };
}
