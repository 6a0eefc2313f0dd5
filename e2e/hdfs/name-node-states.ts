// Which NameNode is active, and whether all are fit to be, as they say themselves.

import { expect, vi } from "vitest";
import type { LocalHdfs } from "@millrace/local-hdfs";

/** Give the number of the active NameNode. */
export async function activeIndex({ nameNodes }: LocalHdfs): Promise<number> {
  const states = await Promise.all(nameNodes.map(async (each) => ask(each, "NameNodeStatus", "State")));
  expect(states.filter((state) => state === "active")).toHaveLength(1);
  return states.indexOf("active");
}

/** Wait until no NameNode is in safe mode, each knows all DataNodes, and one is active. */
export async function whenAllServe(hdfs: LocalHdfs): Promise<void> {
  const look = async (): Promise<void> => {
    await activeIndex(hdfs);
    for (const each of hdfs.nameNodes) {
      expect(await ask(each, "FSNamesystemState", "FSState")).toBe("Operational");
      expect(await ask(each, "FSNamesystemState", "NumLiveDataNodes")).toBe(hdfs.dataNodes.length);
    }
  };
  await vi.waitFor(look, { timeout: 90_000, interval: 100 });
}

type NameNode = LocalHdfs["nameNodes"][number];

/** @returns undefined while it does not answer. */
async function ask({ httpAddress }: NameNode, bean: string, attribute: string): Promise<unknown> {
  try {
    const reply = await fetch(`http://${httpAddress}/jmx?qry=Hadoop:service=NameNode,name=${bean}`, {
      signal: AbortSignal.timeout(5_000),
    });
    return ((await reply.json()) as { readonly beans: readonly Record<string, unknown>[] }).beans[0]?.[attribute];
  } catch {
    return undefined;
  }
}
