// Who is in the middle of sending or taking a file: connections of DataNodes, as the kernel tells them (Linux). A DataNode
// closes after each OPEN and CREATE, so each connection to its HTTP port is one that is under way.

import { readFileSync } from "node:fs";
import { vi } from "vitest";
import type { LocalDataNode } from "@millrace/local-hdfs";

/** One OPEN or CREATE under way, seen from the DataNode. */
export interface Transfer {
  /** Bytes that the reader has not taken. */
  readonly unsentBytes: number;
  /** Bytes that the DataNode has not taken. */
  readonly unreadBytes: number;
}

/** State of a connection that neither side has closed, in /proc/net/tcp. */
const established = "01";

/** Give the transfers of a DataNode. */
export function transfersAt({ httpAddress }: LocalDataNode): readonly Transfer[] {
  const lines = readFileSync("/proc/net/tcp", "utf8").trimEnd().split("\n").slice(1);
  return lines.flatMap((line) => {
    const [, local = "", , state = "", queues = ""] = line.trim().split(/\s+/u);
    if (state !== established || addressOf(local) !== httpAddress) return [];
    const [unsentBytes = 0, unreadBytes = 0] = queues.split(":").map((hex) => Number.parseInt(hex, 16));
    return [{ unsentBytes, unreadBytes }];
  });
}

/** Wait until a DataNode is in the middle of a transfer. */
export async function whenTransferring(
  dataNodes: readonly LocalDataNode[],
  isMeant: (transfer: Transfer) => boolean = () => true,
): Promise<LocalDataNode> {
  const look = (): LocalDataNode => {
    const found = dataNodes.find((each) => transfersAt(each).some(isMeant));
    if (found === undefined) throw new Error("no DataNode is in the middle of such a transfer");
    return found;
  };
  return vi.waitFor(look, { timeout: 60_000, interval: 10 });
}

/** Four bytes and a port, in hexadecimal; the bytes in the order of a little-endian machine. */
function addressOf(hex: string): string {
  const [bytes = "", port = ""] = hex.split(":");
  const host = [...Buffer.from(bytes, "hex")].toReversed().join(".");
  return `${host}:${Number.parseInt(port, 16)}`;
}
