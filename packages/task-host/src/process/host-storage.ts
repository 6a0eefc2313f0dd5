// The storage that a host process reaches. A host picks its makers itself: they cannot cross a process. What says how to
// reach them comes with the first message and not by the environment, which is user code's.

import { createDefaultStorages } from "@millrace/storage";
import type { Storage } from "@millrace/ports";

/**
 * Make the storage of a host process.
 * @param variables - of {@link storageEnvironment}. They also go into this process's environment, for Kerberos' library;
 * the compute thread has an environment of its own.
 */
export function createHostStorage(variables: Readonly<Record<string, string>>): Storage {
  Object.assign(process.env, variables);
  return createDefaultStorages(variables);
}
