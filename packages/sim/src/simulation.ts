// Virtual time: the queue, the clock, the trace and the random streams that everything in a run shares.

import { EventQueue } from "./event-queue.ts";
import { Marks } from "./marks.ts";
import { createStream } from "./random-stream.ts";
import type { RandomStream } from "./random-stream.ts";
import type { SwarmOptions } from "./swarm.ts";
import { Trace } from "./trace.ts";
import { demand } from "./violation.ts";

/** More events than any sound run needs; beyond it is a loop that makes no progress. */
const eventsMax = 400_000;

/** One run's world. Times are whole ms since its start. */
export class Simulation {
  readonly seed: number;
  readonly options: SwarmOptions;
  readonly trace = new Trace();
  readonly marks = new Marks();
  private readonly queue = new EventQueue();
  private readonly streams = new Map<string, RandomStream>();
  readonly wallStartMs = 1_700_000_000_000;
  private now = 0;
  events = 0;
  /** From here on nothing new goes wrong. */
  healed = false;

  constructor(seed: number, options: SwarmOptions) {
    this.seed = seed;
    this.options = options;
  }

  get nowMs(): number {
    return this.now;
  }

  /** Wall-clock time of the run: far from the monotonic one, so that a mix-up shows. */
  get wallMs(): number {
    return this.wallStartMs + this.now;
  }

  /** The stream of a purpose; the same object each time. */
  stream(purpose: string, ...parts: readonly (string | number)[]): RandomStream {
    const name = `${purpose}|${parts.join("|")}`;
    const known = this.streams.get(name);
    if (known !== undefined) return known;
    const made = createStream(this.seed, purpose, ...parts);
    this.streams.set(name, made);
    return made;
  }

  /** Run `act` after a delay in ms, 0 included. */
  after(delayMs: number, act: () => void): void {
    this.queue.push(this.now + Math.max(0, Math.round(delayMs)), act);
  }

  at(atMs: number, act: () => void): void {
    this.queue.push(Math.max(this.now, Math.ceil(atMs)), act);
  }

  /** Add a line to the trace. */
  note(line: string): void {
    this.trace.add(this.now, line);
  }

  /** Run the next event. @returns false when nothing is left. */
  step(): boolean {
    const atMs = this.queue.nextAtMs();
    const act = this.queue.pop();
    if (act === undefined || atMs === undefined) return false;
    this.now = atMs;
    this.events += 1;
    demand(this.events < eventsMax, "I18", () => `${eventsMax} events without an end`);
    act();
    return true;
  }
}
