// Files of a test in memory: `mem:///a/b` with a text.

import { createMemoryStorage } from "@millrace/ports";
import type { FileStatus, Storage } from "@millrace/ports";

/** Make a storage with these files, by path. */
export async function memoryFiles(files: Readonly<Record<string, string>>): Promise<Storage> {
  const storage = createMemoryStorage();
  for (const [path, text] of Object.entries(files)) {
    const writer = await storage.create(`mem://${path}`);
    await writer.write(new TextEncoder().encode(text));
    await writer.close();
  }
  return storage;
}

/** Give the paths of all files. */
export async function pathsIn(storage: Storage): Promise<readonly string[]> {
  return (await storage.listBelow("mem:///")).map(({ uri }) => uri.slice("mem://".length));
}

/** Give the status of what must be there. */
export async function statusAt(storage: Storage, path: string): Promise<FileStatus> {
  const status = await storage.status(`mem://${path}`);
  if (status === undefined) throw new Error(`${path} is not there`);
  return status;
}
