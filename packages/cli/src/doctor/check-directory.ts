// A directory tried out as a job would use it: a file is written, found, read back and renamed, a name that is taken is
// refused, and all of it is removed. What the storage says on the way is the finding.

import { randomBytes } from "node:crypto";
import { lookup } from "node:dns/promises";
import { storageReason } from "@millrace/ports";
import type { FileStatus, Storage } from "@millrace/ports";
import { childUri, shownName } from "../fs/named-files.ts";
import { formatDuration } from "../output/units.ts";
import type { CheckList, Finding } from "./check.ts";
import { bad, ok } from "./check.ts";

/** Several packets and checksums, and yet nothing to wait for. */
const probeBytes = 256 * 1024;
/** Beyond it times in logs mislead; Kerberos refuses at 5 minutes. */
const skewMsMax = 10_000;

/** What the steps hand on. */
interface Probe {
  readonly storage: Storage;
  readonly list: CheckList;
  readonly subject: string;
  /** Directory of the probe, in the one that is tried. */
  readonly directory: string;
  readonly content: Uint8Array;
}

/** Try a directory. Later steps are left out when one fails that they need. @param uri without a final slash. */
export async function checkDirectory(list: CheckList, storage: Storage, uri: string): Promise<void> {
  const subject = shownName(uri);
  const there = await list.make({ subject, name: "there", next: "check the path" }, () => checkThere(storage, uri));
  if (there !== "ok") return;
  const directory = childUri(uri, `.millrace-doctor-${randomBytes(8).toString("hex")}`);
  const probe: Probe = { storage, list, subject, directory, content: randomBytes(probeBytes) };
  try {
    await tryOut(probe);
  } finally {
    await list.make({ subject, name: "remove", next: `remove ${shownName(directory)} by hand` }, async () => {
      await storage.remove(directory);
      const left = await storage.status(directory);
      return left === undefined
        ? ok("nothing is left")
        : bad("failed", "the probe is still there", "remove it by hand");
    });
  }
}

async function checkThere(storage: Storage, uri: string): Promise<Finding> {
  const status = await storage.status(uri);
  if (status === undefined)
    return bad("failed", "there is no such directory", `make it with \`millrace fs mkdir ${shownName(uri)}\``);
  if (status.kind !== "directory") return bad("failed", `it is a ${status.kind}`, "name a directory");
  const denial = await storage.writeDenial(uri);
  if (denial === undefined) return ok("it is a directory, and may be written");
  return bad(
    "warning",
    `it is a directory, and may only be read (${denial.because})`,
    "grant write access if outputs are to lie here",
  );
}

async function tryOut({ storage, list, subject, directory, content }: Probe): Promise<void> {
  const file = `${directory}/probe`;
  const check = async (name: string, next: string, look: () => Promise<Finding>): Promise<boolean> =>
    (await list.make({ subject, name, next }, look)) !== "failed";
  let clock: Finding = ok("");
  const written = await check("write", "check its servers and its disks", async () => {
    const begun = performance.now();
    const writer = await storage.create(file);
    await writer.write(content);
    const beforeMs = Date.now();
    await writer.close();
    clock = compareClocks(await storage.status(file), beforeMs, Date.now());
    return ok(`${content.length} bytes in ${formatDuration(performance.now() - begun)}`);
  });
  if (!written) return;
  await check("clock", "set both clocks by NTP", async () => clock);
  await check("read", "check the servers that hold its blocks", () => readBack(storage, file, content));
  await check("hosts", "add them to DNS or /etc/hosts", () => checkHosts(storage, file));
  await check("rename", "report it: outputs could not be published", () => checkRename(storage, directory));
}

/** The storage wrote its own time on the file somewhere between two of ours. */
function compareClocks(status: FileStatus | undefined, beforeMs: number, afterMs: number): Finding {
  const modified = status?.modifiedMs ?? afterMs;
  const skewMs = modified < beforeMs ? modified - beforeMs : Math.max(0, modified - afterMs);
  // Times of files are whole seconds in some storages.
  if (Math.abs(skewMs) <= 1_000) return ok("within a second of this machine's");
  const detail = `${formatDuration(Math.abs(skewMs))} ${skewMs < 0 ? "behind" : "ahead of"} this machine's`;
  return Math.abs(skewMs) > skewMsMax ? bad("warning", detail, "set both clocks by NTP") : ok(detail);
}

async function readBack(storage: Storage, file: string, content: Uint8Array): Promise<Finding> {
  const begun = performance.now();
  const into = new Uint8Array(content.length);
  const reader = await storage.open(file);
  try {
    const filled = await reader.read(0, into);
    if (reader.status.bytes !== content.length || filled !== content.length || Buffer.compare(into, content) !== 0)
      return bad("failed", `${filled} bytes that are not those written`, "do not use this storage");
    return ok(`the same bytes in ${formatDuration(performance.now() - begun)}`);
  } finally {
    await reader.close();
  }
}

/** Names of hosts that hold blocks: readers here must be able to call them, and workers compare them with their own. */
async function checkHosts(storage: Storage, file: string): Promise<Finding> {
  const blocks = await storage.locate(file, 0, probeBytes);
  const hosts = [...new Set(blocks.flatMap((block) => block.hosts))];
  if (hosts.length === 0) return ok("its files are on no host in particular");
  const lost: string[] = [];
  for (const host of hosts) await lookup(host).catch(() => lost.push(host));
  if (lost.length > 0)
    return bad(
      "warning",
      `${lost.join(", ")} do not resolve here`,
      "add them to DNS or /etc/hosts, or map them by millrace.hdfs.host-map in core-site.xml",
    );
  return ok(`blocks on ${hosts.join(", ")}, which resolve`);
}

/** An output is published by a rename that refuses what is there: both halves of that are tried. */
async function checkRename(storage: Storage, directory: string): Promise<Finding> {
  await storage.makeDirectory(`${directory}/taken/full`);
  await storage.makeDirectory(`${directory}/staged`);
  try {
    await storage.publish(`${directory}/staged`, `${directory}/taken`);
    return bad("failed", "a rename replaced a directory that was not empty", "do not publish outputs here");
  } catch (thrown) {
    if (storageReason(thrown) !== "exists") throw thrown;
  }
  await storage.publish(`${directory}/staged`, `${directory}/published`);
  const status = await storage.status(`${directory}/published`);
  if (status?.kind !== "directory") return bad("failed", "a rename left nothing behind", "do not publish outputs here");
  return ok("directories are published, and taken names refused");
}
