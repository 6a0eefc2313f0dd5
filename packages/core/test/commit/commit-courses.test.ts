// Every course of a commit, up to a number of faults: each reply lost (done, not done, done later), each refusal, a crash
// and recovery at each point, a stranger's output appearing. What must hold is checked at the end of every course.

import { describe, expect, it } from "vitest";
import { asideUriOf, dataUriOf, splitUri } from "../../src/commit/commit-names.ts";
import type { CommitOrder } from "../../src/commit/commit-order.ts";
import { stepCommit } from "../../src/commit/commit-machine.ts";
import { applyCommitRecord, emptyCommitProgress } from "../../src/commit/commit-progress.ts";
import type { CommitProgress } from "../../src/commit/commit-progress.ts";
import { createCommitState } from "../../src/commit/commit-state.ts";
import type { CommitDecision, CommitEvent, CommitOutcome, CommitState } from "../../src/commit/commit-state.ts";
import type { StorageCall } from "../../src/model/storage-call.ts";
import { bounds, jobId, makeOrder } from "./commit-fixture.ts";
import { performOn, runLate } from "./modelled-storage.ts";
import type { ModelledStorage } from "./modelled-storage.ts";

interface World {
  readonly storage: ModelledStorage;
  readonly journal: CommitProgress;
  readonly state: CommitState;
  /** The call that is out, or a wait. */
  readonly due: { readonly call: StorageCall } | { readonly wait: true };
  readonly faults: number;
  readonly waits: number;
}

interface Scenario {
  readonly order: CommitOrder;
  readonly begin: ModelledStorage;
  readonly faultsMax: number;
  /** Whether a lost rename may run at any later time. */
  readonly late: boolean;
  /** Whether somebody else may make an output meanwhile. */
  readonly stranger: boolean;
}

interface Tally {
  published: number;
  failed: number;
  readonly seen: Set<string>;
}

const oldFiles = ["_SUCCESS=old", "part-r-00000.txt=old"];
const wholeFiles = (order: CommitOrder): readonly string[] =>
  [`_SUCCESS=${jobId}`, ...order.manifest.parts.map(({ name }) => `${name}=part`)].sort();

/** Waits in a row after which a course is given up: the way back may wait for ever while storage is silent. */
const waitsMax = 12;

function explore(scenario: Scenario): Tally {
  const tally: Tally = { published: 0, failed: 0, seen: new Set() };
  const first = stepCommit(scenario.order, createCommitState(), { kind: "begin", wallMs: 1 }, bounds);
  const begin: World = {
    storage: scenario.begin,
    journal: emptyCommitProgress,
    state: createCommitState(),
    due: { wait: true },
    faults: scenario.faultsMax,
    waits: 0,
  };
  for (const world of decided(scenario, begin, first, tally)) visit(scenario, world, tally);
  return tally;
}

function visit(scenario: Scenario, world: World, tally: Tally): void {
  const key = JSON.stringify(world);
  if (tally.seen.has(key)) return;
  tally.seen.add(key);
  for (const next of successors(scenario, world, tally)) visit(scenario, next, tally);
}

/** All worlds that one step may lead to. */
function successors(scenario: Scenario, world: World, tally: Tally): readonly World[] {
  const next: World[] = [];
  const { order } = scenario;
  const fault = { ...world, faults: world.faults - 1 };
  world.storage.late.forEach((_, index) => next.push({ ...world, storage: runLate(world.storage, index) }));
  if (world.faults > 0) {
    next.push(...recovered(scenario, fault, tally));
    if (scenario.stranger && world.storage.directories[order.outputUri] === undefined) {
      const directories = { ...world.storage.directories, [order.outputUri]: ["theirs=1"] };
      next.push({ ...fault, storage: { ...world.storage, directories } });
    }
  }
  if ("wait" in world.due) {
    if (world.waits < waitsMax)
      next.push(...step(scenario, { ...world, waits: world.waits + 1 }, { kind: "waited", wallMs: 3 }, tally));
    return next;
  }
  const { call } = world.due;
  const done = performOn(world.storage, call, order);
  const replied = (after: World, reply: typeof done.reply): void => {
    next.push(...step(scenario, after, { kind: "replied", reply, wallMs: 2 }, tally));
  };
  replied({ ...world, storage: done.storage, waits: 0 }, done.reply);
  if (world.faults > 0) {
    replied({ ...fault, storage: done.storage }, { kind: "unknown", message: "lost" });
    replied(fault, { kind: "unknown", message: "lost" });
    replied(fault, { kind: "refused", reason: "denied", message: "denied" });
    if (scenario.late && (call.kind === "rename" || call.kind === "publish") && world.storage.late.length < 2) {
      const late = [...world.storage.late, { from: call.from, to: call.to }];
      replied({ ...fault, storage: { ...world.storage, late } }, { kind: "unknown", message: "late" });
      next.push(...recovered(scenario, { ...fault, storage: { ...world.storage, late } }, tally));
    }
    if (call.kind === "write-file") {
      const torn = withTornWrite(world.storage, splitUri(call.uri).parent);
      replied({ ...fault, storage: torn }, { kind: "unknown", message: "torn" });
      next.push(...recovered(scenario, { ...fault, storage: torn }, tally));
    }
    // A crash while the call is out: it was performed, and nobody heard of it.
    next.push(...recovered(scenario, { ...fault, storage: done.storage }, tally));
  }
  return next;
}

/** What a write leaves that was interrupted before its rename. */
function withTornWrite(storage: ModelledStorage, directory: string): ModelledStorage {
  const files = [...(storage.directories[directory] ?? []), ".millrace-tmp-1=torn"];
  return { ...storage, directories: { ...storage.directories, [directory]: [...new Set(files)].sort() } };
}

/** Lose all but storage and journal, and go on. */
function recovered(scenario: Scenario, world: World, tally: Tally): readonly World[] {
  const state = createCommitState(world.journal);
  if (!world.journal.committing) return [];
  return step(scenario, { ...world, state }, { kind: "recovered", wallMs: 4 }, tally);
}

function step(scenario: Scenario, world: World, event: CommitEvent, tally: Tally): readonly World[] {
  return decided(scenario, world, stepCommit(scenario.order, world.state, event, bounds), tally);
}

/** Fail with everything that is known. The text is only made when it is needed: there are many thousand courses. */
function demand(condition: boolean, what: string, ...seen: readonly unknown[]): void {
  if (!condition) throw new Error(`${what}: ${JSON.stringify(seen)}`);
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** Make records durable, then let the call out; a crash may come between. */
function decided(scenario: Scenario, world: World, decision: CommitDecision, tally: Tally): readonly World[] {
  const journal = decision.records.reduce(applyCommitRecord, world.journal);
  demand(same(journal, decision.state.progress), "the state is not what the journal says", journal, decision);
  const after = { ...world, journal, state: decision.state };
  if (decision.outcome !== undefined) {
    checkEnd(scenario, after, decision.outcome, tally);
    return [];
  }
  if (decision.call === undefined) {
    demand((decision.waitMs ?? 0) > 0, "no call, no wait, no end", decision);
    return [{ ...after, due: { wait: true } }];
  }
  checkCall(scenario, after, decision.call);
  return [{ ...after, due: { call: decision.call } }];
}

/** What must hold before a call leaves. */
function checkCall({ order }: Scenario, world: World, call: StorageCall): void {
  if (call.kind === "rename" && call.from === order.outputUri)
    demand(world.journal.asideUri === call.to, "an old output is moved without a record of it", world, call);
  if (call.kind === "remove") demand(world.journal.published, "something is removed before the end", world, call);
}

/** What must hold at the end, now and after every rename at large has run, in every order. */
function checkEnd(scenario: Scenario, world: World, outcome: CommitOutcome, tally: Tally): void {
  tally[outcome.kind] += 1;
  for (const storage of endings(world.storage)) {
    if (outcome.kind === "published") checkPublished(scenario, storage, world, outcome);
    else checkFailed(scenario, storage, world, outcome);
  }
}

function endings(storage: ModelledStorage): readonly ModelledStorage[] {
  return [storage, ...storage.late.flatMap((_, index) => endings(runLate(storage, index)))];
}

function checkPublished(
  { order }: Scenario,
  storage: ModelledStorage,
  world: World,
  outcome: Extract<CommitOutcome, { kind: "published" }>,
): void {
  const { directories } = storage;
  const seen = [storage, world, outcome];
  demand(same(directories[order.outputUri], wholeFiles(order)), "the output is not whole", ...seen);
  demand(world.journal.published, "published without a record of it", ...seen);
  const aside = directories[asideUriOf(order.outputUri, order.job)];
  demand(aside === undefined || outcome.asideLeft !== undefined, "the old output is left over", ...seen);
  const data = directories[dataUriOf(order.stagingUri)] ?? [];
  demand(!data.some((file) => file.endsWith("=part")), "a part is published twice", ...seen);
}

function checkFailed(
  { order, begin }: Scenario,
  storage: ModelledStorage,
  world: World,
  outcome: Extract<CommitOutcome, { kind: "failed" }>,
): void {
  const output = storage.directories[order.outputUri];
  const seen = [storage, world, outcome];
  demand(!(output ?? []).includes(`_SUCCESS=${jobId}`), "a failed job shows its output", ...seen);
  demand(!world.journal.published, "failed after it was published", ...seen);
  const old = begin.directories[order.outputUri];
  if (old === undefined) return;
  const asideUri = asideUriOf(order.outputUri, order.job);
  const kept = [output, storage.directories[asideUri]].filter((files) => same(files, old));
  demand(kept.length === 1, "the old output is lost", ...seen);
  demand(
    same(output, old) || outcome.failure.message.includes(asideUri),
    "nobody says where the old output is",
    ...seen,
  );
}

function attemptsOf(order: CommitOrder): ModelledStorage {
  return { directories: {}, attempts: order.moves.map(({ from }) => from), late: [] };
}

const fresh = makeOrder();
const replacing = makeOrder({ overwrite: true });
const withOld: ModelledStorage = { ...attemptsOf(replacing), directories: { [replacing.outputUri]: oldFiles } };
const local = makeOrder({ outputUri: "file:///data/out", overwrite: true });

describe("stepCommit() over every course", () => {
  it("publishes exactly once or leaves nothing, with 4 faults", () => {
    const tally = explore({ order: fresh, begin: attemptsOf(fresh), faultsMax: 4, late: false, stranger: false });
    expect(tally.published).toBeGreaterThan(20);
    expect(tally.failed).toBeGreaterThan(20);
  });

  it("publishes exactly once or leaves nothing when lost renames run later, with 4 faults", () => {
    const tally = explore({ order: fresh, begin: attemptsOf(fresh), faultsMax: 4, late: true, stranger: true });
    expect(tally.failed).toBeGreaterThan(20);
  });

  it("never loses the old output, with 4 faults", () => {
    const tally = explore({ order: replacing, begin: withOld, faultsMax: 4, late: false, stranger: true });
    expect(tally.published).toBeGreaterThan(20);
    expect(tally.failed).toBeGreaterThan(20);
  });

  it("never loses the old output when lost renames run later, with 4 faults", () => {
    const tally = explore({ order: replacing, begin: withOld, faultsMax: 4, late: true, stranger: false });
    expect(tally.published).toBeGreaterThan(20);
  });

  it("removes the old output at once on a local disk, with 4 faults", () => {
    const begin: ModelledStorage = { ...attemptsOf(local), directories: { [local.outputUri]: oldFiles } };
    const tally = explore({ order: local, begin, faultsMax: 4, late: false, stranger: false });
    expect(tally.published).toBeGreaterThan(20);
  });

  it("leaves an output that Millrace did not write as it is", () => {
    const begin: ModelledStorage = { ...attemptsOf(replacing), directories: { [replacing.outputUri]: ["theirs=1"] } };
    const tally = explore({ order: replacing, begin, faultsMax: 2, late: false, stranger: false });
    expect(tally.published).toBe(0);
    expect(tally.failed).toBeGreaterThan(10);
  });

  it("publishes an output without parts", () => {
    const order = makeOrder({ parts: 0 });
    const tally = explore({ order, begin: attemptsOf(order), faultsMax: 2, late: true, stranger: false });
    expect(tally.published).toBeGreaterThan(10);
  });
});
