// One Storage for all schemes: each call goes to the storage of its URI's scheme.

import { storageError } from "@millrace/ports";
import type { Storage } from "@millrace/ports";

/** Make a storage that serves every scheme of the given ones. A scheme that two serve belongs to the first. */
export function createStorages(storages: readonly Storage[]): Storage {
  const byScheme = new Map<string, Storage>();
  for (const storage of storages) {
    for (const scheme of storage.schemes) if (!byScheme.has(scheme)) byScheme.set(scheme, storage);
  }
  const schemes = [...byScheme.keys()];
  const find = (uri: string): Storage => {
    const scheme = /^([a-z][a-z0-9+.-]*):/.exec(uri)?.[1] ?? "";
    const storage = byScheme.get(scheme);
    if (storage !== undefined) return storage;
    const known = schemes.map((name) => `${name}:`).join(", ");
    throw storageError("invalid", { act: "use", uri, because: `no storage serves its scheme, there are ${known}` });
  };
  const findBoth = (from: string, to: string): Storage => {
    const storage = find(from);
    if (storage === find(to)) return storage;
    throw storageError("invalid", { act: "rename", uri: from, because: "the new name is in another storage" });
  };
  return {
    schemes,
    status: async (uri) => find(uri).status(uri),
    list: async (uri, options) => find(uri).list(uri, options),
    listBelow: async (uri, options) => find(uri).listBelow(uri, options),
    open: async (uri, options) => find(uri).open(uri, options),
    create: async (uri, options) => find(uri).create(uri, options),
    makeDirectory: async (uri, options) => find(uri).makeDirectory(uri, options),
    rename: async (from, to, options) => findBoth(from, to).rename(from, to, options),
    publish: async (staged, target) => findBoth(staged, target).publish(staged, target),
    remove: async (uri) => find(uri).remove(uri),
    writeDenial: async (uri) => find(uri).writeDenial(uri),
    locate: async (uri, offset, bytes) => find(uri).locate(uri, offset, bytes),
    localPath: (uri) => find(uri).localPath(uri),
  };
}
