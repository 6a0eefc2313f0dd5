// DataFusion, from PyPI: SQL over the file, rows written by COPY.

import { pythonPeer } from "./python-peers.ts";

const prelude = `
import os, pyarrow as pa
from datafusion import SessionContext, SessionConfig, RuntimeEnvBuilder
IN, IN2, OUT, PATTERN = (os.environ[name] for name in ("IN", "IN2", "OUT", "PATTERN"))
config = SessionConfig({"datafusion.execution.target_partitions": os.environ["THREADS"]})
runtime = RuntimeEnvBuilder().with_disk_manager_specified(os.environ["SCRATCH"])
if "MEMORY" in os.environ: runtime = runtime.with_fair_spill_pool(int(int(os.environ["MEMORY"]) * 0.6))
c = SessionContext(config, runtime)
def table(name, path, columns, delimiter="\\t", quote="\\x02"):
    fields = ", ".join(f"{column} VARCHAR" for column in columns)
    c.sql(f"""CREATE EXTERNAL TABLE {name} ({fields}) STORED AS CSV LOCATION '{path}'
      OPTIONS ('format.delimiter' '{delimiter}', 'format.quote' '{quote}', 'format.has_header' 'false')""").collect()
def lines(): table("lines", IN, ["line"], delimiter="\\x01")
def write(query, to=OUT, one=""):
    c.sql(f"""COPY ({query}) TO '{to}/{one}' STORED AS CSV
      OPTIONS ('format.delimiter' '\\t', 'format.quote' '\\x02', 'format.has_header' 'false')""").collect()
`;

/** The peer. */
export const datafusion = pythonPeer({
  name: "datafusion",
  kind: "engine",
  distribution: "datafusion",
  prelude,
  programs: {
    "word-count": `
lines()
write("SELECT w, count(*) FROM (SELECT unnest(string_to_array(line, ' ')) AS w FROM lines) WHERE w <> '' GROUP BY w")
`,
    traffic: `
table("hits", IN, ["host", "identity", "login", "stamp", "zone", "request", "status", "bytes", "referrer", "agent"], " ", '"')
rows = """(SELECT status, substr(stamp, 2, 17) AS minute, split_part(request, ' ', 2) AS path,
  CASE WHEN bytes = '-' THEN NULL ELSE CAST(bytes AS BIGINT) END AS bytes FROM hits)"""
write(f"""SELECT status, minute, count(*), coalesce(sum(bytes), 0),
  coalesce(percentile_cont(0.99) WITHIN GROUP (ORDER BY CAST(bytes AS DOUBLE)), -1) FROM {rows} GROUP BY status, minute""", OUT + "/minutes")
write(f"SELECT path, sum(bytes) AS total FROM {rows} GROUP BY path ORDER BY total DESC NULLS LAST, path LIMIT 100", OUT + "/paths")
`,
    "sort-lines": `
lines()
write("SELECT line FROM lines ORDER BY line", one="sorted.csv")
`,
    grep: `
lines()
write(f"SELECT count(*) FROM lines WHERE line ~ '{PATTERN}'")
`,
    "grep-lines": `
lines()
write(f"SELECT line FROM lines WHERE line ~ '{PATTERN}'")
`,
    join: `
table("orders", IN, ["id", "about", "number"])
table("customers", IN2, ["id", "text"])
write("SELECT o.id, o.about, o.number, k.text FROM orders o JOIN customers k ON o.id = k.id")
`,
  },
});
