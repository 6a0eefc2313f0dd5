// An access log in Combined Log Format: 10,000 paths and 50,000 clients drawn by Zipf's law, time going forward,
// most answers 200. About 190 bytes a line.

import { createRandomStream } from "./random.ts";
import type { RandomStream } from "./random.ts";
import type { LineSource } from "./line-source.ts";
import { generatedLineBytesMax } from "./line-source.ts";
import { append, ascii, writeNumber } from "./write-ascii.ts";
import { createZipfTable } from "./zipf-table.ts";

const pathCount = 10_000;
const clientCount = 50_000;
const zipfExponent = 1.05;
/** 2026-01-01T00:00:00Z; later files begin a day later each. */
const firstSecond = 1_767_225_600;
const secondsADay = 86_400;
const linesASecond = 50;
const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const sections = ["products", "articles", "images", "api/v1/orders", "static/css", "search", "account", "feed"];
const agents = [
  "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0 Safari/537.36",
  "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18.1 Safari/605.1.15",
  "Mozilla/5.0 (compatible; ExampleBot/2.1; +http://bot.example/info)",
  "curl/8.10.1",
];
/** Of 64 answers. */
const statuses = [...Array<number>(54).fill(200), 304, 304, 304, 301, 301, 404, 404, 404, 500, 503];

/** Make the source of one file. */
export function createAccessLogSource(seed: number, file: number): LineSource {
  const random = createRandomStream(seed, file);
  const clients = createZipfTable(clientCount, zipfExponent);
  const paths = createZipfTable(pathCount, zipfExponent);
  const requests = Array.from({ length: pathCount }, (_, rank) => ascii(spellRequest(rank)));
  const endings = agents.flatMap((agent) =>
    ['"-"', '"https://www.example.com/"'].map((referrer) => ascii(` ${referrer} "${agent}"\n`)),
  );
  const clock = createClock(firstSecond + file * secondsADay);
  return {
    fill: (into, offset) => {
      let at = offset;
      while (at + generatedLineBytesMax <= into.length) {
        at = writeClient(into, at, clients.draw(random));
        at = append(into, at, clock.stamp(random));
        at = append(into, at, requests[paths.draw(random)] ?? endings[0] ?? new Uint8Array());
        const drawn = random.next();
        const status = statuses[drawn & 63] ?? 200;
        at = writeNumber(into, at, status);
        into[at] = 0x20;
        at += 1;
        if (status === 304) {
          into[at] = 0x2d;
          at += 1;
        } else at = writeNumber(into, at, 200 + ((drawn >>> 6) % 60_000));
        at = append(into, at, endings[(drawn >>> 24) % endings.length] ?? new Uint8Array());
      }
      return at;
    },
  };
}

/** Give the part from the identity to the opening quote, formatted anew only when the second changes. */
function createClock(begin: number): { stamp(random: RandomStream): Uint8Array } {
  let second = begin;
  let lines = 0;
  let text = formatStamp(second);
  return {
    stamp: (random) => {
      lines += 1;
      if (lines > linesASecond) {
        second += 1 + (random.next() >>> 31);
        lines = 0;
        text = formatStamp(second);
      }
      return text;
    },
  };
}

function formatStamp(second: number): Uint8Array {
  const iso = new Date(second * 1000).toISOString();
  const month = months[Number(iso.slice(5, 7)) - 1];
  return ascii(` - - [${iso.slice(8, 10)}/${month}/${iso.slice(0, 4)}:${iso.slice(11, 19)} +0000] "`);
}

function spellRequest(rank: number): string {
  const method = rank % 17 === 3 ? "POST" : "GET";
  return `${method} /${sections[rank % sections.length]}/${rank.toString(36)} HTTP/1.1" `;
}

/** Spread client ranks over 10.0.0.0/8. */
function writeClient(into: Uint8Array, offset: number, rank: number): number {
  let at = writeNumber(into, offset, 10);
  for (const octet of [rank >>> 12, (rank >>> 6) & 63, rank & 63]) {
    into[at] = 0x2e;
    at = writeNumber(into, at + 1, octet);
  }
  return at;
}
