export { findTools } from "./tools/find-tools.ts";
export type { Tools, ToolsSearch } from "./tools/find-tools.ts";
export { fetchJars, hadoopCacheDirectory } from "./jars/fetch-jars.ts";
export type { HadoopJars } from "./jars/fetch-jars.ts";
export { hadoopVersion } from "./jars/hadoop-pom.ts";
export type { JarSet } from "./jars/hadoop-pom.ts";
export { startHdfs } from "./cluster/start-hdfs.ts";
export type { LocalDataNode, LocalHdfs, LocalHdfsOptions, ProgramOptions } from "./cluster/local-hdfs.ts";
