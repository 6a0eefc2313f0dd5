// Polars, from PyPI: lazy frames on its streaming engine.

import { pythonPeer } from "./python-peers.ts";

const prelude = `
import os, polars as pl
IN, IN2, OUT, PATTERN = (os.environ[name] for name in ("IN", "IN2", "OUT", "PATTERN"))
def table(path, names, separator="\\t", quote=None, nulls=None):
    return pl.scan_csv(path, has_header=False, separator=separator, quote_char=quote, null_values=nulls,
        schema={name: pl.String for name in names})
def lines(): return table(IN, ["line"], separator="\\x01")
def write(frame, to=OUT): frame.sink_csv(to, include_header=False, separator="\\t", quote_style="never", engine="streaming")
`;

/** The peer. */
export const polars = pythonPeer({
  name: "polars",
  kind: "engine",
  distribution: "polars",
  prelude,
  environment: (slots) => ({ POLARS_MAX_THREADS: String(slots) }),
  programs: {
    "word-count": `
write(lines().select(w=pl.col("line").str.split(" ")).explode("w").filter(pl.col("w") != "").group_by("w").len())
`,
    traffic: `
names = ["host", "identity", "login", "minute", "zone", "request", "status", "bytes", "referrer", "agent"]
hits = table(IN, names, separator=" ", quote='"').select(
    "status", pl.col("minute").str.slice(1, 17), path=pl.col("request").str.split_exact(" ", 2).struct.field("field_1"),
    bytes=pl.col("bytes").cast(pl.Int64, strict=False))
hits = hits.collect(engine="streaming").lazy()
write(hits.group_by("status", "minute").agg(pl.len(), total=pl.col("bytes").sum(),
    p99=pl.col("bytes").quantile(0.99, "nearest").fill_null(-1)), OUT + "/minutes")
write(hits.group_by("path").agg(pl.col("bytes").sum()).sort(["bytes", "path"], descending=[True, False]).head(100), OUT + "/paths")
`,
    "sort-lines": `write(lines().sort("line"))`,
    grep: `write(lines().filter(pl.col("line").str.contains(PATTERN)).select(pl.len()))`,
    "grep-lines": `write(lines().filter(pl.col("line").str.contains(PATTERN)))`,
    join: `write(table(IN, ["key", "about", "number"]).join(table(IN2, ["key", "text"]), on="key"))`,
  },
});
