// The worker: a driver around the worker's machine, and the way to start one.

export { startWorker } from "./main.ts";
export type { RunningWorker, WorkerOptions, WorkerSurroundings } from "./main.ts";
