// Metrics in OpenMetrics text, as scrapes one after the other: time goes forward with a jitter, processes restart (their
// counters fall), are replaced (their series end) and miss scrapes; values are NaN now and then, labels have escapes,
// some buckets an exemplar. About 110 bytes a line.

import type { LineSource } from "./line-source.ts";
import { generatedLineBytesMax } from "./line-source.ts";
import type { MetricTarget } from "./metric-targets.ts";
import { createTarget, metricHead, restartTarget } from "./metric-targets.ts";
import type { RandomStream } from "./random.ts";
import { createRandomStream } from "./random.ts";
import { append, ascii, writeNumber } from "./write-ascii.ts";

const targetCount = 10;
const intervalMs = 15_000;
/** A scrape comes up to this much late. */
const jitterMask = 127;
/** 2026-01-01T00:00:00Z. All files begin then; each has targets of its own. */
const firstMs = 1_767_225_600_000;

const notANumber = ascii("NaN");
const end = ascii("# EOF\n");
const exemplar = ascii(' # {trace_id="');

/** Make the source of one file. */
export function createOpenMetricsSource(seed: number, file: number): LineSource {
  const random = createRandomStream(seed, file);
  let made = 0;
  const replace = (offsetMs: number): MetricTarget => {
    made += 1;
    return createTarget(`api-${file}-${made}`, offsetMs, random);
  };
  const targets = Array.from({ length: targetCount }, (_, index) => replace(index * (intervalMs / targetCount)));
  const scrape: Scrape = { target: targets[0] ?? replace(0), atMs: 0, series: 0 };
  let head = false;
  let scrapes = 0;
  let turn = -1;
  scrape.series = scrape.target.series.length;

  /** Go on to the next target that answers, and let it live until then. */
  const nextTarget = (): void => {
    for (;;) {
      turn += 1;
      if (turn === targets.length) {
        turn = 0;
        scrapes += 1;
      }
      let target = targets[turn] ?? scrape.target;
      target.left -= 1;
      const atMs = firstMs + scrapes * intervalMs + target.offsetMs + (random.next() & jitterMask);
      if (target.left <= 0) {
        target = replace(target.offsetMs);
        targets[turn] = target;
      }
      if (target.silent > 0) {
        target.silent -= 1;
        continue;
      }
      liveOn(target, Math.floor(atMs / 1000), random);
      scrape.target = target;
      scrape.atMs = atMs;
      scrape.series = 0;
      return;
    }
  };

  return {
    fill: (into, offset) => {
      let at = head ? offset : append(into, offset, metricHead);
      head = true;
      while (at + generatedLineBytesMax <= into.length) {
        if (scrape.series === scrape.target.series.length) nextTarget();
        at = writeSample(into, at, scrape, random);
        scrape.series += 1;
      }
      return at;
    },
    end,
  };
}

/** Where a file is: the next sample is that of this series. */
interface Scrape {
  target: MetricTarget;
  atMs: number;
  series: number;
}

/** Move a target's values to its next scrape. */
function liveOn(target: MetricTarget, second: number, random: RandomStream): void {
  const { series, values } = target;
  const drawn = random.next();
  // One scrape of 128 finds a process that began anew, one of 64 is the last before a silence of 2 to 9 scrapes.
  if ((drawn & 127) === 0 || values[values.length - 1] === 0) restartTarget(target, second);
  if ((drawn & 0x1f80) === 0) target.silent = 2 + ((drawn >>> 13) & 7);
  let observed = 0;
  for (let index = 0; index < series.length; index += 1) {
    const value = values[index] ?? 0;
    const step = random.next();
    switch (series[index]?.kind) {
      case "counter":
        values[index] = value + (step & 1023);
        break;
      case "observations":
        observed = step & 63;
        values[index] = value + observed;
        break;
      case "bucket":
        observed = (observed * (step & 15)) >> 4;
        values[index] = value + observed;
        break;
      case "sum":
        values[index] = value + (step & 0xffff);
        break;
      case "gauge":
        values[index] = (step & 15) === 0 ? Number.NaN : step >>> 14;
        break;
      case "start":
      case undefined:
        break;
    }
  }
}

/** Write the line of the scrape's next series. */
function writeSample(into: Uint8Array, offset: number, scrape: Scrape, random: RandomStream): number {
  const { target, atMs, series } = scrape;
  const { text, kind } = target.series[series] ?? { text: notANumber, kind: "gauge" };
  const value = target.values[series] ?? 0;
  into.set(text, offset);
  let at = offset + text.length;
  if (Number.isNaN(value)) at = append(into, at, notANumber);
  else if (kind === "gauge" || kind === "sum") at = writeThousandths(into, at, value);
  else at = writeNumber(into, at, value);
  into[at] = 0x20;
  at = writeThousandths(into, at + 1, atMs);
  if (kind === "bucket") {
    const drawn = random.next();
    if ((drawn & 31) === 0) at = writeExemplar(into, at, drawn, atMs);
  }
  into[at] = 0x0a;
  return at + 1;
}

function writeThousandths(into: Uint8Array, offset: number, value: number): number {
  const whole = Math.floor(value / 1000);
  const rest = value - whole * 1000;
  const at = writeNumber(into, offset, whole);
  into[at] = 0x2e;
  into[at + 1] = 0x30 + Math.floor(rest / 100);
  into[at + 2] = 0x30 + (Math.floor(rest / 10) % 10);
  into[at + 3] = 0x30 + (rest % 10);
  return at + 4;
}

function writeExemplar(into: Uint8Array, offset: number, drawn: number, atMs: number): number {
  let at = writeNumber(into, append(into, offset, exemplar), drawn);
  into[at] = 0x22;
  into[at + 1] = 0x7d;
  into[at + 2] = 0x20;
  at = writeThousandths(into, at + 3, drawn >>> 20);
  into[at] = 0x20;
  return writeThousandths(into, at + 1, atMs);
}
