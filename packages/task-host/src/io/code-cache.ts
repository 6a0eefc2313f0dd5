// The code cache of this process (V8's compiled form of modules, kept on disk by Node), handed on to its task hosts: they
// are replaced with each job, and compile the same modules each time. Node keys entries by content and version.

import { flushCompileCache, getCompileCacheDir } from "node:module";
import { dirname } from "node:path";

/** Node reads it at the start of a process and of a thread. */
const variable = "NODE_COMPILE_CACHE";

/** Give the variables that turn the same cache on in a process or thread to start; none when this one has no cache. */
export function codeCacheVariables(): Readonly<Record<string, string>> {
  const directory = getCompileCacheDir();
  // Node's own directory in it is named by version and user.
  return directory === undefined ? {} : { [variable]: dirname(directory) };
}

/** Take them out of this thread's environment: what user code starts is not ours to keep. */
export function hideCodeCache(): void {
  Reflect.deleteProperty(process.env, variable);
}

/**
 * Write what was compiled so far. Hosts are killed in the end, which writes nothing; call it before user code is loaded,
 * as that is another with each job and nothing to keep. Costs nothing when all was read from the cache.
 */
export function keepCompiled(): void {
  if (getCompileCacheDir() !== undefined) flushCompileCache();
}
