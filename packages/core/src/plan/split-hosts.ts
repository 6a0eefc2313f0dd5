// Where the bytes of a split lie: hosts by what they hold of it, block by block where storage tells the blocks, else by
// what they hold of its files. It decides where a task runs best, never what it reads.

import type { BlockHosts, InputFile, Split } from "../model/plan.ts";

/** A split names at most this many hosts, the copies that HDFS keeps of a block. */
const splitHostsMax = 3;

/** A range of a file that a split reads. */
export interface SplitRange {
  readonly file: InputFile;
  readonly begin: number;
  /** Exclusive. */
  readonly end: number;
}

/**
 * Name the hosts with most bytes of the ranges, then by name, but none with less than half of the first one's; and their
 * racks where storage tells them all.
 */
export function splitHosts(ranges: readonly SplitRange[]): Pick<Split, "hosts" | "racks"> {
  const bytesByHost = new Map<string, number>();
  const rackByHost = new Map<string, string>();
  for (const range of ranges) {
    for (const { bytes, hosts, racks } of holders(range)) {
      hosts.forEach((host, index) => {
        bytesByHost.set(host, (bytesByHost.get(host) ?? 0) + bytes);
        const rack = racks?.[index];
        if (rack !== undefined) rackByHost.set(host, rack);
      });
    }
  }
  const ranked = [...bytesByHost].sort(([a, aBytes], [b, bBytes]) => bBytes - aBytes || (a < b ? -1 : 1));
  // Who holds little, as the last bytes of a file behind its last whole block, is no place to be near to.
  const enough = (ranked[0]?.[1] ?? 0) / 2;
  const near = ranked.filter(([, bytes]) => bytes >= enough);
  const hosts = near.slice(0, splitHostsMax).map(([host]) => host);
  const racks = hosts.flatMap((host) => rackByHost.get(host) ?? []);
  return racks.length === 0 || racks.length !== hosts.length ? { hosts } : { hosts, racks };
}

/** Who holds a range. A file without blocks is held as a whole by each of its hosts. */
function holders({ file, begin, end }: SplitRange): readonly Pick<BlockHosts, "bytes" | "hosts" | "racks">[] {
  const { blocks } = file;
  if (blocks === undefined) return [{ bytes: end - begin, hosts: file.hosts }];
  const found = [];
  for (let at = firstBlock(blocks, begin); at < blocks.length; at += 1) {
    const block = blocks[at];
    if (block === undefined || block.offset >= end) break;
    const bytes = Math.min(end, block.offset + block.bytes) - Math.max(begin, block.offset);
    if (bytes > 0) found.push({ ...block, bytes });
  }
  return found;
}

/** Find the first block that ends behind `begin`: a huge file has thousands of both blocks and splits. */
function firstBlock(blocks: readonly BlockHosts[], begin: number): number {
  let [low, high] = [0, blocks.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const block = blocks[middle];
    if (block !== undefined && block.offset + block.bytes <= begin) low = middle + 1;
    else high = middle;
  }
  return low;
}
