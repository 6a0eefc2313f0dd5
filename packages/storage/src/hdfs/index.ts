export { createHdfsClusters } from "./hdfs-clusters.ts";
export type { HdfsCluster, HdfsClusterOptions, HdfsClusters } from "./hdfs-clusters.ts";
export { findConfiguration, hadoopUserName } from "./find-configuration.ts";
export { nameNodeAddresses } from "./name-node-addresses.ts";
export type { NameNodeAddresses } from "./name-node-addresses.ts";
export { parseHdfsUri } from "./hdfs-uris.ts";
