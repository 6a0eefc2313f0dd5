// Failures on demand, by name, for tests with real processes: MILLRACE_FAILPOINTS="commit.beforePublish=exit;…".
// Off unless a main file arms them; then each failpoint costs one comparison.

import { MillraceError, didYouMean, quote } from "@millrace/core";
import { failpointNames } from "./failpoint-names.ts";
import type { FailpointName } from "./failpoint-names.ts";
import { storageError } from "./storage-error.ts";

type Action =
  | { readonly kind: "exit"; readonly code: number }
  | { readonly kind: "kill" }
  | { readonly kind: "pause" }
  | { readonly kind: "error" }
  | { readonly kind: "delay"; readonly ms: number };

interface Armed {
  readonly action: Action;
  /** Passes that go through before the first one that acts. */
  skip: number;
  /** Passes that act; then it is off. */
  count: number;
}

/** Exit status of the action `exit`: unlike any of the command's own, so that a test knows what ended the process. */
const exitCodeDefault = 86;
const entryPattern =
  /^(?<name>[A-Za-z.]+)=(?<action>[a-z]+)(?::(?<argument>\d{1,9}))?(?:\*(?<count>\d{1,9}))?(?:@(?<hit>\d{1,9}))?$/;

let armed: Map<FailpointName, Armed> | undefined;

/**
 * Arm the failpoints of a variable's text: entries `name=action[:argument][*count][@hit]` between semicolons. Actions are
 * `exit[:code]`, `kill` (SIGKILL to itself), `pause` (SIGSTOP to itself), `error[:count]` and `delay:ms`. `*count` acts
 * that many times, `@hit` from that pass on (1 is the first). An absent or empty text disarms all.
 * @throws {MillraceError} E_CONFIGURATION when an entry is no such thing or names an unknown failpoint.
 */
export function armFailpoints(text: string | undefined): void {
  const entries = (text ?? "")
    .split(";")
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "");
  armed = entries.length === 0 ? undefined : new Map(entries.map(parseEntry));
}

/** Pass a failpoint of synchronous code. `delay` blocks the thread. @throws {MillraceError} E_STORAGE for `error`. */
export function failpoint(name: FailpointName): void {
  if (armed === undefined) return;
  const delayMs = act(armed, name);
  if (delayMs > 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, delayMs);
}

/** Pass a failpoint of asynchronous code. `delay` lets other work go on. @throws {MillraceError} E_STORAGE for `error`. */
export async function awaitFailpoint(name: FailpointName): Promise<void> {
  if (armed === undefined) return;
  const delayMs = act(armed, name);
  if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
}

function act(points: ReadonlyMap<FailpointName, Armed>, name: FailpointName): number {
  const point = points.get(name);
  if (point === undefined || point.count === 0) return 0;
  if (point.skip > 0) {
    point.skip -= 1;
    return 0;
  }
  point.count -= 1;
  switch (point.action.kind) {
    case "exit":
      return process.exit(point.action.code);
    case "kill":
    case "pause":
      process.kill(process.pid, point.action.kind === "kill" ? "SIGKILL" : "SIGSTOP");
      return 0;
    case "error":
      throw storageError("unknown", { act: "pass", uri: name, because: "MILLRACE_FAILPOINTS says so" });
    case "delay":
      return point.action.ms;
  }
}

function parseEntry(entry: string): readonly [FailpointName, Armed] {
  const groups = entryPattern.exec(entry)?.groups;
  const action = groups === undefined ? undefined : parseAction(groups["action"] ?? "", groups["argument"]);
  if (groups === undefined || action === undefined)
    throw refusal(entry, "it is no name=action, where an action is exit, kill, pause, error or delay:ms");
  const name = failpointNames.find((known) => known === groups["name"]);
  if (name === undefined)
    throw refusal(entry, `no failpoint has that name${didYouMean(groups["name"] ?? "", failpointNames)}`);
  const argumentCount = action.kind === "error" ? groups["argument"] : undefined;
  const count = Number(groups["count"] ?? argumentCount ?? Number.MAX_SAFE_INTEGER);
  return [name, { action, skip: Math.max(Number(groups["hit"] ?? 1) - 1, 0), count }];
}

function parseAction(word: string, argument: string | undefined): Action | undefined {
  if (word === "exit") return { kind: "exit", code: Number(argument ?? exitCodeDefault) };
  if (word === "error") return { kind: "error" };
  if (word === "delay" && argument !== undefined) return { kind: "delay", ms: Number(argument) };
  if ((word === "kill" || word === "pause") && argument === undefined) return { kind: word };
  return undefined;
}

function refusal(entry: string, reason: string): MillraceError {
  return new MillraceError(
    "E_CONFIGURATION",
    `Cannot arm failpoint ${quote(entry)}: ${reason}; correct MILLRACE_FAILPOINTS`,
  );
}
