// A cluster whose coordinator a test kills and starts again, on its state and ports, under workers that stay.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { processRuns } from "./cluster.ts";
import type { RunningCommand } from "./harness.ts";
import { millrace, scratchDirectory, startMillrace } from "./harness.ts";

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
    this.coordinator = startMillrace(args, {
      env: { ...this.env, ...(failpoints === "" ? {} : { MILLRACE_FAILPOINTS: failpoints }) },
    });
    const died = this.coordinator.ended.then((exit) => {
      throw new Error(`coordinator ended with ${exit}: ${this.coordinator?.stderr()}`);
    });
    died.catch(() => undefined);
    for (;;) {
      const listed = await Promise.race([millrace(["worker-list"], { env: this.env }), died]);
      if (listed.exit === 0) break;
    }
    const endpoint = JSON.parse(readFileSync(this.env.MILLRACE_ENDPOINT_FILE, "utf8")) as {
      address: string;
      httpAddress: string;
    };
    this.#ports = [endpoint.address, endpoint.httpAddress];
  }

  async startWorkers(count: number): Promise<void> {
    for (let index = 1; index <= count; index += 1) {
      this.workers.push(
        startMillrace(["worker", "--slots", "1", "--work-dir", join(this.scratch.path, `worker-${index}`)], {
          env: this.env,
        }),
      );
    }
    for (;;) {
      const listed = JSON.parse((await millrace(["worker-list", "-o", "json"], { env: this.env })).stdout) as readonly {
        state: string;
      }[];
      if (listed.filter((worker) => worker.state === "alive").length === count) return;
    }
  }

  async stop(): Promise<void> {
    for (const each of [...this.workers, this.coordinator]) each?.process.kill("SIGTERM");
    await Promise.all([...this.workers, this.coordinator].map(async (each) => each?.ended));
    for (const each of [...this.workers, this.coordinator]) expect(processRuns(each?.process.pid ?? 0)).toBe(false);
    this.scratch.remove();
  }
}
