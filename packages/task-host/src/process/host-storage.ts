// The storage that a host process reaches. A host picks its makers itself: they cannot cross a process.

import { createLocalStorage } from "@millrace/storage";
import type { Storage } from "@millrace/ports";

/** Make the storage of a host process. */
export function createHostStorage(): Storage {
  return createLocalStorage();
}
