// The language of the coordinator's stories. One command a line; what the machine decides is printed below it.

import type { AttemptRef, InputFile, JobId, JobSpec, StageSpec, WorkerId } from "../../../src/index.ts";
import { attemptKey, defaultJobOptions, jobView, parseAttemptName } from "../../../src/index.ts";
import { CoordinatorWorld, describeWorker } from "./coordinator-world.ts";
import { ScriptedWorker } from "./scripted-worker.ts";

type Options = ReadonlyMap<string, string>;

/** Run a block of commands. @returns what they print. */
export interface CoordinatorScript {
  (block: string): string;
  /** The world that the commands act on. */
  readonly world: () => CoordinatorWorld;
}

/** Make an interpreter, with a world of its own unless one is handed in. */
export function makeCoordinatorScript(given?: CoordinatorWorld): CoordinatorScript {
  let world = given ?? new CoordinatorWorld();
  const run = (block: string): string => {
    const printed: string[] = [];
    for (const line of block.split("\n").filter((text) => text.trim() !== "")) {
      const [verb = "", ...words] = line.trim().split(/\s+/);
      world.lines = [];
      if (verb === "settings") world = new CoordinatorWorld({ ...world.settings, ...numbers(optionsOf(words)) });
      else perform(world, verb, words);
      printed.push(...world.lines);
    }
    return printed.join("\n");
  };
  return Object.assign(run, { world: () => world });
}

function perform(world: CoordinatorWorld, verb: string, words: readonly string[]): void {
  const action = actions[verb];
  if (action === undefined) throw new Error(`unknown command ${verb}`);
  action(world, words, optionsOf(words));
  if (verb !== "answer" || words.includes("settle")) world.settle();
}

type Action = (world: CoordinatorWorld, words: readonly string[], options: Options) => void;

const actions: Readonly<Record<string, Action>> = {
  begin: (world) => world.recovered(1),
  submit: (world, [name = ""], options) => submit(world, name, options),
  kill: (world, [name = "", ...reason]) => world.kill(name, reason.join(" ")),
  worker: (world, [id = ""], options) => world.connect(describeWorker(id, numbersAndTexts(options))),
  start: (world, [id = ""], options) => startAnew(world, id, options),
  copy: (world, [id = ""]) => copy(world, id),
  "register-again": (world, [id = ""]) => world.registerAgain(world.worker(id)),
  reconnect: (world, [id = ""]) => world.connect(world.worker(id)),
  cut: (world, [id = ""]) => world.disconnect(world.worker(id)),
  crash: (world, [id = ""]) => crash(world, id),
  freeze: (world, [id = ""]) => void (world.worker(id).frozen = true),
  thaw: (world, [id = ""]) => void (world.worker(id).frozen = false),
  disk: (world, [id = "", bytes = "0"]) => void (world.worker(id).freeDiskBytes = Number(bytes)),
  probe: (world, [id = "", answer = ""]) =>
    world.step({
      kind: "worker-probed",
      worker: id as WorkerId,
      incarnation: world.worker(id).description.incarnation,
      answer: answer as "refused",
    }),
  finish: (world, [name = ""], options) => finish(world, refOf(world, name), options),
  fail: (world, [name = "", code = "E_USER_CODE", ...text]) =>
    fail(world, refOf(world, name), { code, message: text.join(" ") || "it threw" }),
  brought: (world, [name = "", bytes = "0"]) => brought(world, refOf(world, name), Number(bytes)),
  gathered: (world, [name = ""]) => gathered(world, refOf(world, name)),
  complain: (world, words) => complain(world, words),
  verified: (world, [name = "", how = "good"]) => verified(world, refOf(world, name), how === "good"),
  pass: (world, [time = "0"]) =>
    world.pass(time.endsWith("ms") ? Number.parseInt(time, 10) : 1_000 * Number.parseFloat(time)),
  late: (world, [time = "0"]) => late(world, 1_000 * Number.parseFloat(time)),
  restart: (world, [epoch = "2"]) => world.restart(Number(epoch)),
  hold: (world, kinds) => kinds.forEach((kind) => world.heldCalls.add(kind)),
  unhold: (world) => world.heldCalls.clear(),
  answer: (world, words, options) => answer(world, words, options),
  put: (world, [uri = "", bytes = "1"]) => void world.storage.files.set(uri, { bytes: Number(bytes) }),
  lose: (world, [uri = ""]) => void world.storage.files.delete(uri),
  deny: (world) => void (world.storage.parentWritable = false),
  drive: (world) => drive(world),
  state: (world, [name = ""]) => printState(world, name),
  waits: (world, [name = ""]) => printWaits(world, name),
  storage: (world, [below = "mem://"]) => printStorage(world, below),
  stale: (world) => void world.lines.push(`  stale events: ${world.machine.reign.stale}`),
};

function optionsOf(words: readonly string[]): Options {
  return new Map(
    words
      .filter((word) => word.includes("="))
      .map((word) => [word.slice(0, word.indexOf("=")), word.slice(word.indexOf("=") + 1)]),
  );
}

function numbers(options: Options): Readonly<Record<string, number>> {
  return Object.fromEntries([...options].map(([name, value]) => [name, Number(value)]));
}

function numbersAndTexts(options: Options): Readonly<Record<string, never>> {
  return Object.fromEntries(
    [...options].map(([name, value]) => [name, /^\d+$/.test(value) ? Number(value) : value]),
  ) as Readonly<Record<string, never>>;
}

/**
 * `maps=N reduces=R` is the usual job; `chain=C` adds C reduce stages, `reduces=0` is map-only. `ranges=yes` puts a sample
 * stage first, `named=yes` gives every stage the named output `side`, `numbers=N` reads numbers instead of files.
 */
function submit(world: CoordinatorWorld, name: string, options: Options): void {
  const maps = Number(options.get("maps") ?? 2);
  const reduces = Number(options.get("reduces") ?? 1);
  const chain = Number(options.get("chain") ?? 0);
  const sizes = options.get("sizes")?.split(",").map(Number);
  const hosts = options.get("hosts")?.split(",");
  const files: readonly InputFile[] = Array.from({ length: maps }, (_, map) => ({
    uri: `mem://in/${name}/${String(map).padStart(3, "0")}`,
    bytes: sizes?.[map] ?? 100,
    modifiedMs: 1,
    blockBytes: 0,
    codec: "none",
    hosts: hosts?.[map] === undefined ? [] : [hosts[map]],
  }));
  const key = options.get("key");
  const spec = specOf(name, { reduces, chain, options });
  world.submit(name, spec, files, {
    ...(key === undefined ? {} : { key }),
    digest: options.get("digest") ?? `${name}-${maps}-${reduces}`,
  });
}

function specOf(
  name: string,
  { reduces, chain, options }: { readonly reduces: number; readonly chain: number; readonly options: Options },
): JobSpec {
  const side = options.has("named") ? [{ name: "side", extension: "txt" }] : [];
  const outputs = [{ name: "", extension: "txt" }, ...side];
  const shuffle = { partitions: reduces, pairs: "state", ordered: false } as const;
  const stages: StageSpec[] = options.has("ranges") ? [{ kind: "sample", of: 1 }] : [];
  const ranges = options.has("ranges") ? { ranges: 0 } : {};
  stages.push({
    kind: "map",
    inputs: [0],
    ...(reduces === 0 ? { outputs } : { shuffle: { ...shuffle, ...ranges }, outputs: side }),
  });
  for (let stage = 1; stage <= (reduces === 0 ? 0 : chain + 1); stage++) {
    const last = stage === chain + 1;
    stages.push({ kind: "reduce", reads: stages.length - 1, ...(last ? { outputs } : { shuffle, outputs: side }) });
  }
  const count = options.get("numbers");
  return {
    name,
    bundle: { sha256: "0".repeat(64), bytes: 1 },
    dataVersion: 1,
    nodeMajor: Number(options.get("node") ?? 24),
    inputs: [
      count === undefined
        ? { patterns: [`mem://in/${name}`], format: { name: "text-lines", splitting: "none" } }
        : { patterns: [], format: { name: "numbers", splitting: "numbers", numbers: Number(count) } },
    ],
    stages,
    output: { uri: options.get("output") ?? `mem://out/${name}`, overwrite: options.get("overwrite") === "yes" },
    params: {},
    // Each file of a script is a split of its own.
    options: {
      ...defaultJobOptions,
      splitBytes: count === undefined ? 1 : "auto",
      attemptsMax: Number(options.get("attempts") ?? 4),
      priority: Number(options.get("priority") ?? 0),
      badRecordsMax: Number(options.get("bad") ?? 0.01),
    },
  };
}

function refOf(world: CoordinatorWorld, name: string): AttemptRef {
  const [job = "", attempt = ""] = name.split("/");
  const ref = parseAttemptName(world.jobs.get(job) ?? (job as JobId), attempt);
  if (ref === undefined) throw new Error(`no attempt ${name}`);
  return ref;
}

function workerOf(world: CoordinatorWorld, ref: AttemptRef): ScriptedWorker {
  const key = attemptKey(ref);
  const found = [...world.workers.values()].find((worker) => worker.running.has(key) || worker.gathering.has(key));
  if (found === undefined) throw new Error(`nobody runs ${key}`);
  return found;
}

function finish(world: CoordinatorWorld, ref: AttemptRef, options: Options): void {
  const worker = workerOf(world, ref);
  const { result, vector } = world.result(ref, {
    variant: Number(options.get("variant") ?? 0),
    bad: Number(options.get("bad") ?? 0),
  });
  const wrong = options.get("wrong");
  const sample = options.get("sample")?.split(",");
  const said =
    wrong === undefined
      ? { ...result, ...(sample === undefined ? {} : { sample: sample.filter((key) => key !== "") }) }
      : {
          ...result,
          consumed: { ...result.consumed, ...(wrong === "pairs" ? { pairs: 1 } : { digest: "f".repeat(16) }) },
        };
  if (result.run !== undefined)
    worker.held.set(attemptKey(ref), { attempt: ref, vectorDigest: result.run.vectorDigest });
  const message = { kind: "finished", result: said, ...(vector === undefined ? {} : { vector }) } as const;
  worker.end(ref, message);
  if (!worker.frozen) world.say(worker, message);
}

function fail(
  world: CoordinatorWorld,
  ref: AttemptRef,
  failure: { readonly code: string; readonly message: string },
): void {
  const worker = workerOf(world, ref);
  const message = { kind: "failed", attempt: ref, failure } as const;
  worker.end(ref, message);
  world.say(worker, message);
}

/** A gather has brought so much so far: its worker says so, and its disk has as much less. */
function brought(world: CoordinatorWorld, ref: AttemptRef, bytes: number): void {
  const worker = workerOf(world, ref);
  worker.freeDiskBytes -= bytes;
  const progress = { attempt: ref, phase: "gather", fraction: 0.5, records: 0, bytes } as const;
  world.say(worker, { kind: "heartbeat", progress: [progress], freeDiskBytes: worker.freeDiskBytes });
}

function gathered(world: CoordinatorWorld, ref: AttemptRef): void {
  world.say(workerOf(world, ref), { kind: "gathered", attempt: ref, bytes: 1 });
}

/** `complain READER about SOURCE at WORKER REASON` */
function complain(
  world: CoordinatorWorld,
  [reader = "", , source = "", , at = "", reason = "corrupt"]: readonly string[],
): void {
  const ref = refOf(world, reader);
  world.say(workerOf(world, ref), {
    kind: "complaint",
    reader: ref,
    source: refOf(world, source),
    sourceWorker: at as WorkerId,
    reason: reason as "corrupt",
  });
}

function verified(world: CoordinatorWorld, source: AttemptRef, intact: boolean): void {
  const worker = [...world.workers.values()].find(({ held }) => held.has(attemptKey(source)));
  if (worker === undefined) throw new Error(`nobody has ${attemptKey(source)}`);
  world.say(worker, { kind: "verified", source, intact });
}

function crash(world: CoordinatorWorld, id: string): void {
  const worker = world.worker(id);
  worker.running.clear();
  worker.gathering.clear();
  worker.owed.clear();
  world.disconnect(worker);
}

/** A new process in the work directory of an old one: it has the run files but those named by `without=`. */
function startAnew(world: CoordinatorWorld, id: string, options: Options): void {
  const old = world.worker(id);
  const without = options.get("without")?.split(",") ?? [];
  const description = {
    ...old.description,
    incarnation: (old.description.incarnation + 1) as typeof old.description.incarnation,
  };
  const worker = new ScriptedWorker({ ...description, shuffleAddress: `${id}:${7000 + description.incarnation}` });
  for (const [key, held] of old.held) if (!without.some((name) => key.endsWith(name))) worker.held.set(key, held);
  world.connect(worker);
}

/** A process in a copy of a worker's work directory tries to register, while the worker goes on. */
function copy(world: CoordinatorWorld, id: string): void {
  const original = world.worker(id);
  world.connect(new ScriptedWorker({ ...original.description, shuffleAddress: `${id}-copy:7001` }));
  world.workers.set(id, original);
}

/** A tick that comes late by so much, with nothing heard meanwhile. */
function late(world: CoordinatorWorld, lateMs: number): void {
  world.atMs += lateMs;
  world.tick(lateMs);
}

/** `answer KIND ok|unknown|sentence|exists|denied` answers the oldest such call that is held; `done` means that it has happened. */
function answer(world: CoordinatorWorld, words: readonly string[], _options: Options): void {
  const [kind = "", how = "ok"] = words;
  const index = world.calls.findIndex(({ request }) => request.kind === kind);
  const [open] = world.calls.splice(index, index < 0 ? 0 : 1);
  if (open === undefined) throw new Error(`no call ${kind}`);
  const real = how === "ok" || words.includes("done") ? world.storage.perform(open.request) : undefined;
  if (how === "ok" && real !== undefined) world.replyStorage(open, real);
  else if (how === "unknown") world.replyStorage(open, { kind: "unknown", message: "timed out" });
  else if (how === "sentence")
    world.replyStorage(open, {
      kind: "refused",
      reason: "denied",
      message: 'Cannot list "mem://in": no; ask its owner',
    });
  else world.replyStorage(open, { kind: "refused", reason: how as "denied", message: `storage says ${how}` });
}

/** Let every worker do its work until nothing happens any more; print only how each job stands. */
function drive(world: CoordinatorWorld): void {
  for (let round = 0; round < 1_000; round++) {
    if (!driveOnce(world)) break;
  }
  world.lines = [];
  for (const name of world.jobs.keys()) printState(world, name);
}

function driveOnce(world: CoordinatorWorld): boolean {
  let moved = false;
  for (const worker of [...world.workers.values()].filter(({ frozen, session }) => !frozen && session !== undefined)) {
    for (const ref of Array.from(worker.gathering.values())) {
      const attempt = world.machine.reign.jobs.get(ref.job)?.live.get(`${ref.stage}-${ref.task}.${ref.attempt}`);
      const complete =
        world.machine
          .jobState(ref.job)
          ?.stages.every((stage, index) => index !== ref.stage - 1 || stage.homedTasks === stage.tasks.length) ?? false;
      if (attempt?.phase !== "gathering" || !complete || !attempt.holdsPlace) continue;
      gathered(world, ref);
      moved = true;
    }
    for (const ref of Array.from(worker.running.values())) {
      finish(world, ref, new Map());
      world.settle();
      moved = true;
    }
  }
  return moved;
}

function printState(world: CoordinatorWorld, name: string): void {
  const id = world.jobs.get(name);
  const state = id === undefined ? undefined : world.machine.jobState(id);
  const outcome = id === undefined ? undefined : world.machine.cluster.jobs.get(id)?.outcome;
  if (state === undefined)
    world.lines.push(`  ${name}: ${outcome ?? "unknown"}${outcome === undefined ? "" : ", swept"}`);
  else {
    const stages = state.stages
      .map(({ plan, acceptedTasks, tasks }) => `${plan.kind} ${acceptedTasks}/${tasks.length}`)
      .join(", ");
    world.lines.push(
      `  ${name}: ${outcome ?? state.phase} (${stages})${state.failure === undefined ? "" : ` ${state.failure.code}`}`,
    );
  }
}

function printWaits(world: CoordinatorWorld, name: string): void {
  const id = world.jobs.get(name);
  const run = id === undefined ? undefined : world.machine.reign.jobs.get(id);
  for (const { reason, text, deadlineInMs } of run === undefined ? [] : jobView(run, world.atMs).waits)
    world.lines.push(`  ${name} waits (${reason}): ${text}, at most ${deadlineInMs} ms`);
}

function printStorage(world: CoordinatorWorld, below: string): void {
  for (const uri of [...world.storage.files.keys()].sort())
    if (uri.startsWith(below)) world.lines.push(`  ${uri.replaceAll(/job-[0-9a-z]{26}/g, "JOB")}`);
}
