// The storage that a host process reaches. A host picks its makers itself: they cannot cross a process. What says how to
// reach them comes with the first message and not by the environment, which is user code's.

import { createDefaultStorages } from "@millrace/storage";
import type { Storage } from "@millrace/ports";
import type { StorageTokens } from "@millrace/storage";

/**
 * Make the storage of a host process.
 * @param variables - of {@link storageEnvironment}. They also go into this process's environment, for Kerberos' library;
 * the compute thread has an environment of its own.
 * @param tokens - of the job whose attempts the host runs; filled when its first order comes
 */
export function createHostStorage(variables: Readonly<Record<string, string>>, tokens: StorageTokens): Storage {
  Object.assign(process.env, variables);
  return createDefaultStorages(variables, tokens);
}
