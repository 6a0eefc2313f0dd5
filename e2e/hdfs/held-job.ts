// A job of e2e/fixtures/held-lines.ts on a cluster: submitted to stand still in the middle of its maps or reduces, so that
// what strikes meanwhile strikes there and nowhere else, and let go afterwards.

import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { vi } from "vitest";
import { whenAnswered } from "../ask-coordinator.ts";
import type { TestCluster } from "../cluster.ts";
import { succeed } from "./remote-files.ts";
import type { WordCountStory } from "./word-count-story.ts";

/** For `beginWordCount`: where the job lies. */
export const heldLines = fileURLToPath(new URL("../fixtures/held-lines.ts", import.meta.url));

/** One attempt, as the coordinator shows it. */
interface AttemptTold {
  readonly attempt: string;
  readonly state: string;
  readonly failure?: { readonly code: string; readonly message: string };
}

/** What a coordinator says of a job. */
interface JobTold {
  readonly state: string;
  readonly counters: Readonly<Record<string, number>>;
}

/** Where a job stands still. */
export type Hold = "maps" | "reduces";

/** A job that was submitted. */
export class HeldJob {
  readonly id: string;
  readonly output: string;
  readonly #cluster: TestCluster;
  readonly #hold: string;
  readonly #begunMs = performance.now();

  constructor(cluster: TestCluster, told: { readonly id: string; readonly output: string; readonly hold: string }) {
    this.#cluster = cluster;
    this.id = told.id;
    this.output = told.output;
    this.#hold = told.hold;
  }

  /** Give the state of the job now. */
  async state(): Promise<string> {
    return (await this.#told()).state;
  }

  /** Wait until a task stands still. */
  async whenHeld(): Promise<void> {
    const look = (): void => {
      if (!existsSync(`${this.#hold}.held`)) throw new Error(`no task stands still at ${this.#hold}`);
    };
    await vi.waitFor(look, { timeout: 60_000, interval: 10 });
  }

  /** Let it go on. */
  letGo(): void {
    rmSync(this.#hold);
    rmSync(`${this.#hold}.held`, { force: true });
  }

  /** Wait for its good end. @returns milliseconds since the submission. */
  async end(): Promise<number> {
    await succeed(["job", "wait", this.id, "--timeout", "120s"], this.#cluster.env, 130_000);
    return performance.now() - this.#begunMs;
  }

  /** Give the counters of the job, which has ended. */
  async counters(): Promise<Readonly<Record<string, number>>> {
    return (await this.#told()).counters;
  }

  /** Give what the failed attempts of a stage said. */
  async failures(stage: number): Promise<readonly string[]> {
    const tasks = await whenAnswered(this.#cluster.env, `jobs/${this.id}/tasks`, (answer) => {
      return (answer as { readonly tasks: readonly { readonly stage: number; readonly attempts: AttemptTold[] }[] })
        .tasks;
    });
    const attempts = tasks.filter((task) => task.stage === stage).flatMap((task) => task.attempts);
    return attempts.flatMap(({ failure }) => (failure === undefined ? [] : [failure.message]));
  }

  async #told(): Promise<JobTold> {
    return whenAnswered(this.#cluster.env, `jobs/${this.id}`, (answer) => answer as JobTold);
  }
}

/** Submit a job that will stand still. @param holdAfterBytes - of output, for a reduce; 0 is before the first record. */
export async function submitHeld(
  cluster: TestCluster,
  story: WordCountStory,
  { at, holdAfterBytes = 0 }: { readonly at: Hold; readonly holdAfterBytes?: number },
): Promise<HeldJob> {
  const hold = join(cluster.directory, at);
  writeFileSync(hold, "");
  const output = story.nextOutput();
  const params = ["-p", `hold=${cluster.directory}`, "-p", `holdAfterBytes=${holdAfterBytes}`];
  const args = ["submit", story.job, story.input, output, "--detach", ...params, ...story.shape];
  return new HeldJob(cluster, { id: (await succeed(args, cluster.env)).trim(), output, hold });
}
