// A simulated process: it is up, frozen (SIGSTOP) or down. What reaches a frozen process waits until it goes on; what
// was meant for a life that is over is dropped.

import type { Simulation } from "./simulation.ts";

/** The life and death of one process. */
export class ProcessLife {
  readonly name: string;
  private readonly world: Simulation;
  private state: "up" | "frozen" | "down" = "down";
  /** Counts lives; closures of an earlier one do nothing. */
  life = 0;
  private waiting: (() => void)[] = [];
  private frozenAtMs = 0;
  /** Told when the process begins, ends, freezes or goes on. */
  onChange: (() => void) | undefined;

  constructor(world: Simulation, name: string) {
    this.world = world;
    this.name = name;
  }

  get up(): boolean {
    return this.state !== "down";
  }

  get frozen(): boolean {
    return this.state === "frozen";
  }

  /** How long it has been frozen, in ms; 0 when it is not. */
  get frozenMs(): number {
    return this.state === "frozen" ? this.world.nowMs - this.frozenAtMs : 0;
  }

  begin(): void {
    this.life += 1;
    this.state = "up";
    this.waiting = [];
    this.onChange?.();
  }

  end(): void {
    this.state = "down";
    this.waiting = [];
    this.onChange?.();
  }

  freeze(): void {
    if (this.state !== "up") return;
    this.state = "frozen";
    this.frozenAtMs = this.world.nowMs;
    this.onChange?.();
  }

  thaw(): void {
    if (this.state !== "frozen") return;
    this.onChange?.();
    this.state = "up";
    const waiting = this.waiting;
    this.waiting = [];
    const life = this.life;
    for (const act of waiting) this.deliver(life, act);
  }

  /** Run `act` in the given life: now, after the thaw, or never. */
  deliver(life: number, act: () => void): void {
    if (life !== this.life || this.state === "down") return;
    if (this.state === "frozen") this.waiting.push(act);
    else act();
  }

  /** Run `act` after a delay in the present life. */
  after(delayMs: number, act: () => void): void {
    const life = this.life;
    this.world.after(delayMs, () => this.deliver(life, act));
  }

  /** Run `act` at a time in the present life. */
  at(atMs: number, act: () => void): void {
    const life = this.life;
    this.world.at(atMs, () => this.deliver(life, act));
  }
}
