// Making names durable: a new name survives a power failure once its directory is synced. Renames that run side by side
// share one sync, so that placing 64 files costs a few syncs and not 64.

import { open } from "node:fs/promises";

/** Sync directories, each at most once at a time. */
export interface DirectorySync {
  /** Resolve when a sync that began after this call has ended. */
  sync(path: string): Promise<void>;
}

interface Running {
  readonly done: Promise<void>;
  /** The sync that those who came during this one share. */
  next?: Promise<void>;
}

/** Make a syncer. Its memory is the directories being synced. */
export function createDirectorySync(syncOne: (path: string) => Promise<void> = syncDirectory): DirectorySync {
  const running = new Map<string, Running>();
  const start = (path: string): Promise<void> => {
    const done = syncOne(path).finally(() => {
      if (running.get(path)?.done === done) running.delete(path);
    });
    running.set(path, { done });
    return done;
  };
  return {
    sync: (path) => {
      const current = running.get(path);
      if (current === undefined) return start(path);
      current.next ??= current.done.then(
        () => start(path),
        () => start(path),
      );
      return current.next;
    },
  };
}

/** Sync one directory, or a file that is open for nobody. */
export async function syncDirectory(path: string): Promise<void> {
  const handle = await open(path, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
