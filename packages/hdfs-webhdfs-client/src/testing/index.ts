export { startFakeCluster, type FakeCluster, type FakeClusterOptions } from "./fake-cluster.ts";
export type { FakeCredentials } from "./fake-credentials.ts";
export type { FakeDataNode } from "./fake-data-nodes.ts";
export type { FakeLogEntry, FakeNameNodeState } from "./fake-name-node.ts";
export type { FakeTls } from "./fake-server.ts";
export type { FakeFault, FakeTraps } from "./fake-traps.ts";
