// The simulator as a library, for tests: one seed, one result.

export { runSeed } from "./run-seed.ts";
export type { SeedFailure, SeedResult } from "./run-seed.ts";
export { drawSwarm, printSwarm } from "./swarm.ts";
export type { SwarmOptions } from "./swarm.ts";
export { markTable } from "./marks.ts";
export type { MarkName } from "./marks.ts";
export { printFailure, printMarks, printSeed } from "./report.ts";
export { main } from "./main.ts";
export { plantedBugs } from "./bug-bank/planted-bugs.ts";
export type { PlantedBug } from "./bug-bank/planted-bugs.ts";
