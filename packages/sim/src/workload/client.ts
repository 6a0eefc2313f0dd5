// The clients of a run: each submits its job, perhaps twice with one key, perhaps kills it, and asks again when no
// answer came and its key makes that safe.

import type { JobId, RequestReply } from "@millrace/core";
import type { Checker } from "../checkers/checker.ts";
import type { CoordinatorProcess } from "../processes/coordinator-process.ts";
import type { RandomStream } from "../random-stream.ts";
import type { Simulation } from "../simulation.ts";
import { demand } from "../violation.ts";
import type { DrawnJob } from "./draw-job.ts";

const answerTimeoutMs = 4_000;
const base32 = Array.from("0123456789abcdefghjkmnpqrstvwxyz");

/** One client with one job. */
export class Client {
  private readonly world: Simulation;
  private readonly coordinator: CoordinatorProcess;
  private readonly checker: Checker;
  readonly drawn: DrawnJob;
  private readonly stream: RandomStream;
  /** The job that the coordinator confirmed. */
  job: JobId | undefined;
  /** Whether it will submit no more: confirmed, refused, or gave up for want of a key. */
  settled = false;
  refusal: string | undefined;

  constructor(world: Simulation, coordinator: CoordinatorProcess, checker: Checker, drawn: DrawnJob) {
    this.world = world;
    this.coordinator = coordinator;
    this.checker = checker;
    this.drawn = drawn;
    this.stream = world.stream("client", drawn.index);
  }

  /** Plan everything that this client does. */
  begin(): void {
    const { drawn, world } = this;
    world.at(drawn.submitAtMs, () => this.submit());
    if (drawn.twice) world.at(drawn.submitAtMs + this.stream.integer(0, 8_000), () => this.submit());
    if (drawn.killAtMs !== undefined) world.at(drawn.killAtMs, () => this.kill());
  }

  private submit(): void {
    const id = `job-${Array.from({ length: 26 }, () => this.stream.pick(base32)).join("")}` as JobId;
    const { process } = this.coordinator;
    if (!process.up) return this.later();
    this.checker.drawn.set(id, this.drawn);
    this.world.note(`client ${this.drawn.index} submits ${id}`);
    let answered = false;
    process.deliver(process.life, () =>
      this.coordinator.submit(id, this.drawn.spec, this.drawn.idempotencyKey, (reply) => {
        answered = true;
        this.world.after(this.stream.delayMs(5), () => this.answered(reply));
      }),
    );
    this.world.after(answerTimeoutMs, () => {
      if (answered || this.settled) return;
      if (this.drawn.idempotencyKey === undefined) this.settled = true;
      else this.submit();
    });
  }

  private later(): void {
    this.world.after(this.stream.integer(100, 1_000), () => this.submit());
  }

  private answered(reply: RequestReply): void {
    this.world.note(`client ${this.drawn.index} hears ${reply.kind}`);
    if (reply.kind === "refused" && reply.code === "E_BUSY") return this.later();
    if (reply.kind === "refused") {
      this.refusal = `${reply.code}: ${reply.message}`;
      this.settled = true;
      return;
    }
    if (reply.kind !== "submitted") return;
    const known = this.job;
    demand(
      known === undefined || known === reply.job || this.drawn.idempotencyKey === undefined,
      "I4",
      () => `one key gave ${known} and ${reply.job}`,
    );
    this.job = reply.job;
    this.settled = true;
  }

  /** Ask for the end of the job, if it is known. */
  kill(): void {
    const { job } = this;
    const { process } = this.coordinator;
    if (job === undefined || !process.up) return;
    process.deliver(process.life, () =>
      this.coordinator.kill(job, (reply) => {
        if (reply.kind === "refused") this.world.marks.hit("kill-refused");
      }),
    );
  }
}
