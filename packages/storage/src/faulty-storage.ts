// A Storage that fails as it is told: wraps another one, so that every user of the port can be tried under fire.

import { storageError } from "@millrace/ports";
import type { FileReader, FileWriter, Storage, StorageReason } from "@millrace/ports";

/** What is about to happen: a method of the port, or `read`, `write` or `close` of an open file. */
export interface FaultPoint {
  readonly method: Exclude<keyof Storage, "schemes" | "localPath"> | "read" | "write" | "close";
  readonly uri: string;
  /** Counts all calls of this storage, from 0. */
  readonly index: number;
}

/** What shall happen instead. */
export type FaultDecision =
  /** Fail and do nothing. */
  | { readonly kind: "fail-before"; readonly reason: StorageReason }
  /** Do it and lose the reply. */
  | { readonly kind: "fail-after" }
  /** Of a read: fill at most so many bytes. Of a write: take so many, then fail for want of space. */
  | { readonly kind: "short"; readonly bytes: number }
  /** Wait, then do it. */
  | { readonly kind: "delay"; readonly until: Promise<void> };

/** Choose a fault, or undefined for none. */
export type DecideFault = (point: FaultPoint) => FaultDecision | undefined;

/** Wrap a storage. With a `decide` that never chooses a fault it is the inner storage in all but identity. */
export function faultyStorage(inner: Storage, decide: DecideFault): Storage {
  let count = 0;
  const pass = async <T>(
    method: FaultPoint["method"],
    uri: string,
    act: (bytesMax: number) => Promise<T>,
  ): Promise<T> => {
    const fault = decide({ method, uri, index: count++ });
    if (fault?.kind === "fail-before")
      throw storageError(fault.reason, { act: method, uri, because: "a fault was asked for" });
    if (fault?.kind === "delay") await fault.until;
    const result = await act(fault?.kind === "short" ? fault.bytes : Number.POSITIVE_INFINITY);
    if (fault?.kind === "fail-after") throw storageError("unknown", { act: method, uri, because: "its reply is lost" });
    return result;
  };
  return {
    schemes: inner.schemes,
    status: (uri) => pass("status", uri, () => inner.status(uri)),
    list: (uri, options) => pass("list", uri, () => inner.list(uri, options)),
    listBelow: (uri, options) => pass("listBelow", uri, () => inner.listBelow(uri, options)),
    open: (uri, options) => pass("open", uri, async () => faultyReader(await inner.open(uri, options), uri, pass)),
    create: (uri, options) =>
      pass("create", uri, async () => faultyWriter(await inner.create(uri, options), uri, pass)),
    makeDirectory: (uri, options) => pass("makeDirectory", uri, () => inner.makeDirectory(uri, options)),
    rename: (from, to, options) => pass("rename", from, () => inner.rename(from, to, options)),
    publish: (staged, target) => pass("publish", target, () => inner.publish(staged, target)),
    remove: (uri) => pass("remove", uri, () => inner.remove(uri)),
    writeDenial: (uri) => pass("writeDenial", uri, () => inner.writeDenial(uri)),
    locate: (uri, offset, bytes) => pass("locate", uri, () => inner.locate(uri, offset, bytes)),
    localPath: (uri) => inner.localPath(uri),
  };
}

type Pass = <T>(method: FaultPoint["method"], uri: string, act: (bytesMax: number) => Promise<T>) => Promise<T>;

function faultyReader(inner: FileReader, uri: string, pass: Pass): FileReader {
  return {
    status: inner.status,
    read: (offset, into) =>
      pass("read", uri, (bytesMax) => inner.read(offset, into.subarray(0, Math.min(into.length, bytesMax)))),
    close: () => pass("close", uri, () => inner.close()),
  };
}

function faultyWriter(inner: FileWriter, uri: string, pass: Pass): FileWriter {
  return {
    write: (bytes) =>
      pass("write", uri, async (bytesMax) => {
        await inner.write(bytes.subarray(0, Math.min(bytes.length, bytesMax)));
        if (bytesMax < bytes.length)
          throw storageError("no-space", {
            act: "write",
            uri,
            because: `only ${bytesMax} of ${bytes.length} bytes were taken`,
          });
      }),
    close: () => pass("close", uri, () => inner.close()),
    abort: () => inner.abort(),
  };
}
