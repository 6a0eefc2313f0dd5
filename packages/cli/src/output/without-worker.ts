// What `run` says of a failure: the one worker is the process itself.

import type { JobView } from "@millrace/core";

/** Leave the worker out of a job's failure: its name, drawn for this run, is that of nothing which could be looked at. */
export function withoutWorker(view: JobView): JobView {
  const { failure } = view;
  if (failure === undefined) return view;
  // The first one: what follows it is the author's own text.
  return { ...view, failure: { ...failure, message: failure.message.replace(/ on worker "[^"]*"/u, "") } };
}
