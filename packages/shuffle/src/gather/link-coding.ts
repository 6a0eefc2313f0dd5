// Whether answers of a source come packed: decided by what its link and the codec were measured to give, never by
// configuration. Pure: measurements and time are handed in. All rates are bytes a millisecond, of all answers that are
// under way together: they share the link, and at the source one processor for the codec.

import type { LinkCoding } from "../coding/packed-block.ts";

/** What is known of the way to one source. */
export interface LinkState {
  /** Coding in use; a single answer may come raw all the same, to see what the link gives now. */
  coding: LinkCoding;
  /** Answers that are under way. */
  answers: number;
  /** What comes when nothing is packed. */
  rawRate: number | undefined;
  /** Bytes, as they are before packing, that come when they are packed: the slowest of codec, link and this side. */
  packedRate: number | undefined;
  /** Answers that this was measured of. */
  packedAnswers: number;
  /** What the codec packs, and bytes on the wire for each byte, of a sample of what came. */
  codecRate: number | undefined;
  wireShare: number | undefined;
  /** Raw bytes since the codec was tried on a sample; infinite before the first time. */
  bytesSinceSample: number;
  /** When an answer last came raw, or was asked for raw to see what the link gives now. */
  rawAtMs: number;
  /** When `rawRate` was last measured of a raw answer. */
  rawRateAtMs: number;
  /** Packing did not help, or the source does not know it: not tried again before. */
  quietUntilMs: number;
  /** How long it stays quiet the next time. */
  quietMs: number;
}

/** One answer, or a stretch of a long one, measured. */
export interface LinkAnswer {
  /** What was asked for. */
  readonly asked: LinkCoding;
  /** What came. */
  readonly coding: LinkCoding;
  readonly rawBytes: number;
  readonly wireBytes: number;
  /** Those of the wire that came after the first piece, in the time below. */
  readonly timedBytes: number;
  /** From its first piece to its last. */
  readonly elapsedMs: number;
  /** Part of it in which this thread had nothing to do and nothing was there to be taken. */
  readonly waitedMs: number;
  /** Answers of the source that were under way meanwhile, this one included: a mean. */
  readonly answers: number;
}

/** Answers below this are a few packets: they measure the answering, not the link. */
export const answerBytesMin = 128 * 1024;
/** Eight times what an answer must have to tell of its link: 0.1 s of a link of 10 MB/s. */
export const probeBytes = 8 * answerBytesMin;
/** A source packs 1 MiB at a time, at the mercy of its machine, and what it packed comes in bursts: four make a mean. */
const packedProbeBytes = 4 * probeBytes;
/** Weight of the newest measurement: the last five make nine tenths of what is believed. */
const newestWeight = 0.4;
/** Packing is begun when it promises a fifth more, and ended when it gives less than a twentieth more. */
const beginGainMin = 1.2;
const keepGainMin = 1.05;
/** Unless it is far from it, a verdict needs so many answers: links are uneven. */
const judgedAnswersMin = 3;
const farFromGain = 0.7;
/** It takes half a core of the source at most for each answer: maps want the cores too. */
const codecToLinkMin = 2;
/** While packed answers come, one begins raw so often: links change, and a raw answer alone tells how fast one is. */
const rawAgainMs = 15_000;
/** On a link so slow that `probeBytes` take long, they are a sixteenth of the time at most. */
const rawPauses = 16;
/** Packing that did not help is tried again after this, the next time after four times as long, up to a minute. */
const quietMsMin = 2_000;
const quietMsMax = 60_000;
/** LZ4 packs 1 GB/s of the easiest data: a faster link needs no sample to be judged. */
const judgedRateMax = 1_000_000;
/** 64 KiB tried in 32 MiB: less than 1 % of the time in which a link that LZ4 could help brings them. */
const sampleEveryBytes = 32 * 1024 * 1024;
/** This side's disk or processor is the limit when it waits for less than this share of the time. */
const waitShareMin = 0.25;

/** Begin to know a source. */
export function createLink(): LinkState {
  return {
    coding: "none",
    answers: 0,
    rawRate: undefined,
    packedRate: undefined,
    packedAnswers: 0,
    codecRate: undefined,
    wireShare: undefined,
    bytesSinceSample: Infinity,
    rawAtMs: -Infinity,
    rawRateAtMs: -Infinity,
    quietUntilMs: -Infinity,
    quietMs: quietMsMin,
  };
}

/** What to ask for now. `probe`: of this answer the link is to be learned, so that it is best short. */
export function chooseCoding(link: LinkState, atMs: number): { readonly coding: LinkCoding; readonly probe: boolean } {
  const rawAgain = link.coding === "lz4" && atMs - link.rawAtMs >= rawPauseMs(link);
  // One is enough: those that are asked for meanwhile come packed.
  if (rawAgain) link.rawAtMs = atMs;
  const coding = rawAgain ? "none" : link.coding;
  return { coding, probe: isUnsure(link, coding, atMs) };
}

/** Bytes, as they are before packing, after which an answer that came so is measured, and again after as many. */
export function stretchBytes(link: LinkState, came: LinkCoding, atMs: number): number {
  if (!isUnsure(link, came, atMs)) return sampleEveryBytes;
  return came === "lz4" ? packedProbeBytes : probeBytes;
}

/** Whether to end an answer that comes so, and to ask for the rest anew. @param bytes those that came and those to come. */
export function isOutdated(
  link: LinkState,
  came: LinkCoding,
  bytes: { readonly taken: number; readonly left: number },
): boolean {
  return link.coding !== came && bytes.taken >= probeBytes && bytes.left > probeBytes;
}

/** Whether of such an answer something is yet to be learned. */
function isUnsure(link: LinkState, coding: LinkCoding, atMs: number): boolean {
  // What packing gives on a machine with other work shows in its first answers alone, and a long one would be dear.
  if (coding === "lz4") return link.packedAnswers < judgedAnswersMin;
  const untried = link.codecRate === undefined && wantsSample(link, atMs);
  return link.coding === "lz4" || link.rawRate === undefined || untried;
}

function rawPauseMs({ rawRate }: LinkState): number {
  return Math.max(rawAgainMs, rawRate === undefined ? 0 : (rawPauses * probeBytes) / rawRate);
}

/** Whether to try the codec on a sample of what comes raw. */
export function wantsSample(link: LinkState, atMs: number): boolean {
  const { rawRate, bytesSinceSample, quietUntilMs } = link;
  if (rawRate === undefined || rawRate > judgedRateMax || atMs < quietUntilMs) return false;
  return bytesSinceSample >= sampleEveryBytes;
}

/** Learn what the codec made of a sample, and decide. */
export function noteSample(
  link: LinkState,
  sample: { readonly rawBytes: number; readonly packedBytes: number; readonly elapsedMs: number },
  atMs: number,
): void {
  const { rawBytes, packedBytes, elapsedMs } = sample;
  link.codecRate = moved(link.codecRate, rateOf(rawBytes, elapsedMs));
  // One that grows is sent as it is.
  link.wireShare = movedShare(link.wireShare, Math.min(1, packedBytes / rawBytes));
  link.bytesSinceSample = 0;
  decide(link, atMs);
}

/** Learn from an answer, and decide in which coding the next ones come. */
export function noteAnswer(link: LinkState, answer: LinkAnswer, atMs: number): void {
  if (answer.coding === "none") link.bytesSinceSample += answer.rawBytes;
  if (answer.asked === "lz4" && answer.coding === "none") leavePacking(link, atMs);
  // It was under way when packing was left: the next attempt is judged by its own answers.
  if (answer.coding === "lz4" && link.coding === "none") return;
  // What was measured longer ago says nothing of the link as it is now.
  const before = atMs - link.rawRateAtMs >= rawAgainMs ? undefined : link.rawRate;
  if (answer.coding === "none") link.rawAtMs = atMs;
  if (answer.timedBytes < answerBytesMin) return;
  if (answer.coding === "none") {
    link.rawRate = moved(before, linkRate(answer));
    link.rawRateAtMs = atMs;
  } else notePacked(link, answer);
  decide(link, atMs);
}

function notePacked(link: LinkState, answer: LinkAnswer): void {
  const wireShare = answer.wireBytes / Math.max(1, answer.rawBytes);
  const wireRate = rateOf(answer.timedBytes, answer.elapsedMs) * answer.answers;
  link.packedAnswers += 1;
  link.packedRate = moved(link.packedRate, wireRate / wireShare);
  link.wireShare = movedShare(link.wireShare, wireShare);
  // So much came over the link at least.
  link.rawRate = Math.max(link.rawRate ?? 0, wireRate);
}

function decide(link: LinkState, atMs: number): void {
  const { rawRate, codecRate, wireShare } = link;
  if (rawRate === undefined || codecRate === undefined || wireShare === undefined) return;
  if (link.coding === "none") {
    const promising = codecRate >= rawRate * codecToLinkMin && rawRate / wireShare >= rawRate * beginGainMin;
    if (promising && atMs >= link.quietUntilMs) beginPacking(link);
  } else if (isOfNoUse(link, rawRate)) leavePacking(link, atMs);
  // What has helped since the last raw answer, and does after it, is worth a quick new try when it once does not.
  else if (atMs === link.rawRateAtMs && link.packedRate !== undefined) link.quietMs = quietMsMin;
}

function isOfNoUse({ packedRate, packedAnswers }: LinkState, rawRate: number): boolean {
  if (packedRate === undefined) return false;
  return packedRate < rawRate * (packedAnswers < judgedAnswersMin ? farFromGain : keepGainMin);
}

function beginPacking(link: LinkState): void {
  link.coding = "lz4";
  link.packedRate = undefined;
  link.packedAnswers = 0;
}

/** Let answers come raw for a while: packing did not help, or harmed. All answers that tell so at a time are one event. */
export function leavePacking(link: LinkState, atMs: number): void {
  if (link.coding === "none") return;
  link.coding = "none";
  link.quietUntilMs = atMs + link.quietMs;
  link.quietMs = Math.min(link.quietMs * 4, quietMsMax);
}

/**
 * What the link gave. While this side waits now and then, whatever arrived meanwhile had been taken, so that all of the
 * time counts; where it hardly waits the link is faster than this side, and nobody knows by how much.
 */
function linkRate({ timedBytes, elapsedMs, waitedMs, answers }: LinkAnswer): number {
  return answers * rateOf(timedBytes, waitedMs >= elapsedMs * waitShareMin ? elapsedMs : waitedMs);
}

/** A clock that did not move says that it was quick. */
function rateOf(bytes: number, elapsedMs: number): number {
  return bytes / Math.max(elapsedMs, 0.01);
}

/** Mean of the bytes that each byte took. */
function movedShare(before: number | undefined, now: number): number {
  return before === undefined ? now : (1 - newestWeight) * before + newestWeight * now;
}

/** Mean of times for each byte, not of rates: a link that becomes slow shows in its first slow answer. */
function moved(before: number | undefined, now: number): number {
  return before === undefined ? now : 1 / ((1 - newestWeight) / before + newestWeight / now);
}
