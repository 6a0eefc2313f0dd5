// Where the compute thread's module is: beside this one, built or as a source.

/** URL of the module that a compute thread runs. */
export function threadModule(): URL {
  const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
  return new URL(`../compute/compute-thread.${extension}`, import.meta.url);
}
