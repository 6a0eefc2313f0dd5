// Which of Hadoop's jars are needed, as the text of a pom.xml: Maven resolves them, with all that they need, from wherever
// the machine's settings say.

/** Release that is run unless another is asked for. */
export const hadoopVersion = "3.4.2";

/** What is to be run. */
export type JarSet = keyof typeof artifactsOf;

/** NameNode, DataNode and JournalNode are in hadoop-hdfs; the command-line clients beside them in the other two. */
const hdfsArtifacts = ["hadoop-common", "hadoop-hdfs", "hadoop-hdfs-client"] as const;

/** HttpFS is a server of its own; Hadoop's example jobs run in one JVM with what the client of jobs brings along. */
const artifactsOf = {
  hdfs: hdfsArtifacts,
  httpfs: [...hdfsArtifacts, "hadoop-hdfs-httpfs"],
  jobs: [...hdfsArtifacts, "hadoop-mapreduce-client-jobclient", "hadoop-mapreduce-examples"],
} as const;

/** Hadoop calls this for its LZ4 codec, and leaves it to those who run it to bring it. */
const lz4 =
  "    <dependency><groupId>org.lz4</groupId><artifactId>lz4-java</artifactId><version>1.8.0</version></dependency>";

/** Plugin that copies what was resolved; pinned, so that the same files come out everywhere. */
export const copyGoal = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies";

/** Write the project that asks for the jars of one release. @param version such as `3.4.2`. */
export function hadoopPom(version: string, set: JarSet): string {
  const dependencies: string[] = artifactsOf[set].map(
    (artifact) =>
      `    <dependency><groupId>org.apache.hadoop</groupId><artifactId>${artifact}</artifactId><version>${version}</version></dependency>`,
  );
  if (set === "jobs") dependencies.push(lz4);
  return `<?xml version="1.0" encoding="UTF-8"?>
<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>millrace</groupId>
  <artifactId>local-hdfs</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <dependencies>
${dependencies.join("\n")}
  </dependencies>
</project>
`;
}
