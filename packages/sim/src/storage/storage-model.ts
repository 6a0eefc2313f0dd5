// Storage with faults: a step takes time, may be refused, and its reply may be lost when it was done, when it was not,
// or when it still waits somewhere and runs later. A step under way survives the coordinator that asked for it.

import type { StorageCall, StorageReply } from "@millrace/core";
import type { Simulation } from "../simulation.ts";
import { InputArchive } from "../workload/input-archive.ts";
import { FileTree } from "./file-tree.ts";
import { runStorageStep } from "./storage-steps.ts";

/** Steps whose lost reply and late run matter most: they change names for good. */
const late = new Set<StorageCall["kind"]>(["publish", "rename", "place", "write-file", "make-staging"]);

/** Storage of one run. */
export class StorageModel {
  private readonly world: Simulation;
  readonly tree = new FileTree();
  readonly archive = new InputArchive();
  /** Called right before a step runs on the tree. */
  onStep: ((job: string, call: StorageCall) => void) | undefined;
  /** Called when a step is refused. */
  onRefused: ((job: string, call: StorageCall) => void) | undefined;
  /** Called when a coordinator asks for a step, with the time that it will take. */
  onAsked: ((job: string, call: StorageCall, delayMs: number) => void) | undefined;
  /** When something was last made below a job's staging directory, by its attempts and by its coordinators. */
  readonly attemptWrites = new Map<string, number>();
  readonly coordinatorWrites = new Map<string, number>();
  /** When a removal last ran for a job. */
  readonly removals = new Map<string, number>();
  /** Jobs whose publish was done without its reply. */
  readonly silentPublishes = new Set<string>();
  /** Jobs that storage refused something for good. */
  readonly refusals = new Set<string>();

  constructor(world: Simulation) {
    this.world = world;
  }

  /** Begin a step for a job; `reply` is called once, later. */
  call(job: string, call: StorageCall, reply: (reply: StorageReply) => void): void {
    const { world } = this;
    const { options } = world;
    const stream = world.stream("storage", job);
    const slow = !world.healed && stream.chance(options.storageSlow);
    const delayMs = stream.delayMs(options.storageDelayMs) + (slow ? stream.delayMs(3_000) : 0);
    this.onAsked?.(job, call, delayMs);
    if (!world.healed && stream.chance(options.storageRefused) && call.kind !== "remove") {
      this.refuse(job, call, delayMs, reply);
    } else if (!world.healed && stream.chance(options.storageUnknown)) {
      this.loseReply(job, call, delayMs, reply);
    } else {
      world.after(delayMs, () => {
        const result = this.run(job, call);
        world.after(delayMs / 2, () => reply(result));
      });
    }
  }

  /** Close a file that an attempt wrote. @returns false when storage refuses it. */
  writeOutput(job: string, uri: string, bytes: Uint8Array): boolean {
    const { world } = this;
    if (!world.healed && world.stream("storage-write").chance(world.options.storageRefused)) return false;
    this.attemptWrites.set(job, world.wallMs);
    this.tree.writeFile(uri, bytes, world.wallMs);
    return true;
  }

  private refuse(job: string, call: StorageCall, delayMs: number, reply: (reply: StorageReply) => void): void {
    this.refusals.add(job);
    this.onRefused?.(job, call);
    this.world.note(`storage ${job} ${call.kind} refused`);
    const reason = this.world.stream("storage-refusal", job).pick(["denied", "no-space"] as const);
    this.world.after(delayMs, () => reply({ kind: "refused", reason, message: "the simulated storage says no" }));
  }

  private loseReply(job: string, call: StorageCall, delayMs: number, reply: (reply: StorageReply) => void): void {
    const { world } = this;
    const stream = world.stream("storage-lost", job);
    const fate = stream.pick(["done", "not-done", "late"] as const);
    world.note(`storage ${job} ${call.kind} reply lost, ${fate}`);
    if (call.kind === "publish") world.marks.hit("commit-reply-lost");
    if (fate === "done") world.after(delayMs, () => this.runSilently(job, call));
    if (fate === "late" && late.has(call.kind)) {
      world.after(delayMs + stream.integer(1, world.options.storageLateMs), () => {
        const result = this.runSilently(job, call);
        if (call.kind === "publish" && result.kind === "ok") world.marks.hit("publish-late");
      });
    }
    world.after(delayMs, () => reply({ kind: "unknown", message: "no reply in time" }));
  }

  private runSilently(job: string, call: StorageCall): StorageReply {
    const result = this.run(job, call);
    if (call.kind === "publish" && result.kind === "ok") this.silentPublishes.add(job);
    return result;
  }

  private run(job: string, call: StorageCall): StorageReply {
    this.onStep?.(job, call);
    if (call.kind === "remove") this.removals.set(job, this.world.wallMs);
    if (call.kind === "write-file" || call.kind === "make-staging") this.coordinatorWrites.set(job, this.world.wallMs);
    const result = runStorageStep(this.tree, call, {
      replacesEmpty: this.world.options.storageReplacesEmpty,
      nowMs: () => this.world.wallMs,
    });
    this.world.note(
      `storage ${job} ${call.kind} ${result.kind}${result.kind === "refused" ? ` ${result.reason}` : ""}`,
    );
    return result;
  }
}
