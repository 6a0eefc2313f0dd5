// Spark in one process, from PyPI; it needs Java. It has no sink for rows without line ends, and so no terasort here.

import { askVersion } from "./find-program.ts";
import type { Peer } from "./peer.ts";
import { pythonPeer } from "./python-peers.ts";

const prelude = `
import os
IN, IN2, OUT, PATTERN = (os.environ[name] for name in ("IN", "IN2", "OUT", "PATTERN"))
heap = int(os.environ.get("MEMORY", 6 * 2**30)) * 3 // 4 // 2**20
os.environ["PYSPARK_SUBMIT_ARGS"] = f"--driver-memory {heap}m pyspark-shell"
from pyspark.sql import SparkSession, functions as f
s = (SparkSession.builder.master(f"local[{os.environ['THREADS']}]").config("spark.ui.enabled", "false")
    .config("spark.local.dir", os.environ["SCRATCH"]).config("spark.log.level", "ERROR").config("spark.driver.host", "localhost").getOrCreate())
def table(path, names, separator="\\t", quote=""):
    return s.read.csv(path, sep=separator, quote=quote, escape=quote, schema=", ".join(f"{name} string" for name in names))
def write(frame, to=OUT): frame.write.csv(to, sep="\\t", quote="", escape="", emptyValue="")
lines = s.read.text(IN)
`;

const programs = pythonPeer({
  name: "spark",
  kind: "framework",
  distribution: "pyspark",
  prelude,
  programs: {
    "word-count": `write(lines.select(f.explode(f.split("value", " ")).alias("w")).filter("w <> ''").groupBy("w").count())`,
    traffic: `
names = ["host", "identity", "login", "stamp", "zone", "request", "status", "bytes", "referrer", "agent"]
hits = table(IN, names, " ", '"').select("status", f.substring("stamp", 2, 17).alias("minute"),
    f.split("request", " ")[1].alias("path"), f.expr("try_cast(bytes AS bigint)").alias("bytes"))
write(hits.groupBy("status", "minute").agg(f.count("*"), f.coalesce(f.sum("bytes"), f.lit(0)),
    f.coalesce(f.percentile_approx("bytes", 0.99, 10000), f.lit(-1))), OUT + "/minutes")
write(hits.groupBy("path").agg(f.sum("bytes").alias("bytes")).orderBy(f.desc("bytes"), "path").limit(100).coalesce(1), OUT + "/paths")
`,
    "sort-lines": `lines.orderBy("value").write.text(OUT)`,
    grep: `write(lines.filter(f.col("value").rlike(PATTERN)).agg(f.count("*")))`,
    "grep-lines": `lines.filter(f.col("value").rlike(PATTERN)).write.text(OUT)`,
    join: `write(table(IN, ["key", "about", "number"]).join(table(IN2, ["key", "text"]), "key"))`,
  },
});

/** The peer. */
export const spark: Peer = {
  ...programs,
  find: async () => {
    const found = await programs.find();
    if (found.kind === "found" && askVersion("java", ["-version"]) === undefined)
      return { kind: "missing", reason: "there is no `java`; install a JRE 17" };
    return found;
  },
};
