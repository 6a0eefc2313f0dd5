// /metrics: the coordinator in numbers, for Prometheus. Gauges are read when they are asked for.

import type { Registry } from "prom-client";
import { Gauge, Registry as PromRegistry, collectDefaultMetrics } from "prom-client";
import type { JobDesk } from "../job-desk.ts";

/** Text of the metrics, made anew at each call. */
export interface Metrics {
  readonly contentType: string;
  text(): Promise<string>;
}

/** Make the registry of a desk. */
export function createMetrics(desk: JobDesk): Metrics {
  const registry = new PromRegistry();
  collectDefaultMetrics({ register: registry, prefix: "millrace_coordinator_" });
  const gauge = (name: string, help: string, read: () => number): void => addGauge(registry, { name, help, read });
  gauge("millrace_epoch", "Number of this coordinator's reign", () => desk.cluster().epoch);
  gauge("millrace_slots", "Slots of workers that are alive", () => desk.cluster().slots);
  gauge("millrace_slots_used", "Slots that run an attempt", () => desk.cluster().slotsUsed);
  gauge("millrace_jobs_running", "Jobs that have not ended", () => desk.cluster().jobsRunning);
  gauge("millrace_jobs_ended", "Jobs that ended and are remembered", () => desk.cluster().jobsEnded);
  gauge("millrace_stale_events", "Events that came too late to matter", () => desk.cluster().staleEvents);
  const workers = new Gauge({
    name: "millrace_workers",
    help: "Workers by state",
    labelNames: ["state"],
    registers: [registry],
    collect() {
      const cluster = desk.cluster();
      this.set({ state: "alive" }, cluster.workersAlive);
      this.set({ state: "suspect" }, cluster.workersSuspect);
      this.set({ state: "lost" }, cluster.workersLost);
    },
  });
  workers.set({ state: "alive" }, 0);
  return { contentType: registry.contentType, text: async () => registry.metrics() };
}

function addGauge(
  registry: Registry,
  { name, help, read }: { readonly name: string; readonly help: string; readonly read: () => number },
): void {
  const gauge = new Gauge({
    name,
    help,
    registers: [registry],
    collect() {
      this.set(read());
    },
  });
  gauge.set(read());
}
