// A cluster whose coordinator a test kills and starts again, on its state and ports, under workers that stay.

import { join } from "node:path";
import { expect, vi } from "vitest";
import { readEndpoint, whenAnswered } from "./ask-coordinator.ts";
import type { WorkersAnswer } from "./ask-coordinator.ts";
import { processRuns } from "./cluster.ts";
import type { RunningCommand } from "./harness.ts";
import { scratchDirectory, startMillrace } from "./harness.ts";

/** A coordinator that can be started again on its state and ports, under workers that stay. */
export class RestartableCluster {
  readonly scratch = scratchDirectory();
  readonly env = { MILLRACE_ENDPOINT_FILE: join(this.scratch.path, "endpoint.json") };
  coordinator: RunningCommand | undefined;
  readonly workers: RunningCommand[] = [];
  #ports: readonly [string, string] = ["127.0.0.1:0", "127.0.0.1:0"];

  async startCoordinator(failpoints = ""): Promise<void> {
    const [listen, http] = this.#ports;
    const args = ["coordinator", "--listen", listen, "--http", http, "--state-dir", join(this.scratch.path, "state")];
    const coordinator = startMillrace(args, {
      env: { ...this.env, ...armed(failpoints) },
    });
    this.coordinator = coordinator;
    const died = coordinator.ended.then((exit) => {
      throw new Error(`coordinator ended with ${exit}: ${coordinator.stderr()}`);
    });
    // It writes where it is once it listens; what an earlier one wrote is another's.
    const listening = vi.waitFor(
      () => {
        const endpoint = readEndpoint(this.env);
        if (endpoint.pid !== coordinator.process.pid) throw new Error("the coordinator does not listen yet");
        return endpoint;
      },
      { timeout: 60_000, interval: 25 },
    );
    for (const loser of [died, listening]) loser.catch(() => undefined);
    const { address, httpAddress } = await Promise.race([listening, died]);
    this.#ports = [address, httpAddress];
  }

  /** Tell the coordinator to end, unless it has ended, and wait for it. */
  async stopCoordinator(): Promise<void> {
    this.coordinator?.process.kill("SIGTERM");
    await this.coordinator?.ended;
  }

  /** Start workers 1 to `count`, and wait until they are there. */
  async startWorkers(count: number, failpoints = ""): Promise<void> {
    for (let index = 1; index <= count; index += 1) this.startWorker(index, failpoints);
    await this.whenAlive(count);
  }

  /** Start a worker, which goes on with what an earlier life of that number has left. @param more - further flags */
  startWorker(index: number, failpoints = "", more: readonly string[] = []): void {
    const args = ["worker", "--slots", "1", "--work-dir", join(this.scratch.path, `worker-${index}`), ...more];
    this.workers.push(startMillrace(args, { env: { ...this.env, ...armed(failpoints) } }));
  }

  /** Wait until so many workers are there. */
  async whenAlive(count: number): Promise<void> {
    await whenAnswered(this.env, "workers", (answer) =>
      (answer as WorkersAnswer).workers.filter(({ state }) => state === "alive").length === count ? true : undefined,
    );
  }

  async stop(): Promise<void> {
    for (const each of [...this.workers, this.coordinator]) each?.process.kill("SIGTERM");
    await Promise.all([...this.workers, this.coordinator].map(async (each) => each?.ended));
    for (const each of [...this.workers, this.coordinator]) expect(processRuns(each?.process.pid ?? 0)).toBe(false);
    this.scratch.remove();
  }
}

function armed(failpoints: string): Readonly<Record<string, string>> {
  return failpoints === "" ? {} : { MILLRACE_FAILPOINTS: failpoints };
}
