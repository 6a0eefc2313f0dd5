// DuckDB, from PyPI: SQL over the file, rows written by COPY.

import { pythonPeer } from "./python-peers.ts";

const copy = (query: string, to = "{OUT}"): string =>
  `c.execute(f"""COPY (${query}) TO '${to}' (FORMAT csv, DELIMITER '\\t', HEADER false, QUOTE '', ESCAPE '')""")`;

const prelude = `
import os, duckdb
IN, IN2, OUT, PATTERN = (os.environ[name] for name in ("IN", "IN2", "OUT", "PATTERN"))
c = duckdb.connect()
c.execute(f"SET threads={os.environ['THREADS']}")
c.execute("SET preserve_insertion_order=false")
c.execute(f"SET temp_directory='{os.environ['SCRATCH']}'")
if "MEMORY" in os.environ: c.execute(f"SET memory_limit='{int(int(os.environ['MEMORY']) * 0.75)}B'")
lines = f"""read_csv('{IN}', columns={{'line': 'VARCHAR'}}, delim='\\x01', quote='', escape='', header=false, auto_detect=false)"""
`;

const minutes = `SELECT status, minute, count(*), coalesce(sum(bytes), 0), coalesce(quantile_disc(bytes, 0.99), -1)
  FROM hits GROUP BY ALL`;

/** The peer. */
export const duckdb = pythonPeer({
  name: "duckdb",
  kind: "engine",
  distribution: "duckdb",
  prelude,
  programs: {
    "word-count": copy(
      "SELECT w, count(*) FROM (SELECT unnest(string_split(line, ' ')) AS w FROM {lines}) WHERE w <> '' GROUP BY w",
    ),
    traffic: `
c.execute(f"""CREATE TEMP TABLE hits AS SELECT status, minute[2:18] AS minute, split_part(request, ' ', 2) AS path, bytes
  FROM read_csv('{IN}', delim=' ', quote='"', escape='"', header=false, auto_detect=false, nullstr='-', columns={{
    'host': 'VARCHAR', 'identity': 'VARCHAR', 'login': 'VARCHAR', 'minute': 'VARCHAR', 'zone': 'VARCHAR',
    'request': 'VARCHAR', 'status': 'SMALLINT', 'bytes': 'BIGINT', 'referrer': 'VARCHAR', 'agent': 'VARCHAR'}})""")
${copy(minutes, "{OUT}/minutes")}
${copy("SELECT path, sum(bytes) AS total FROM hits GROUP BY path ORDER BY total DESC, path LIMIT 100", "{OUT}/paths")}
`,
    "sort-lines": copy("SELECT line FROM {lines} ORDER BY line"),
    grep: copy("SELECT count(*) FROM {lines} WHERE regexp_matches(line, '{PATTERN}')"),
    "grep-lines": copy("SELECT line FROM {lines} WHERE regexp_matches(line, '{PATTERN}')"),
    join: `
def table(path, columns): return f"""read_csv('{path}', columns={columns}, delim='\\t', quote='', escape='', header=false, auto_detect=false)"""
orders = table(IN, "{'key': 'VARCHAR', 'about': 'VARCHAR', 'number': 'VARCHAR'}")
customers = table(IN2, "{'key': 'VARCHAR', 'text': 'VARCHAR'}")
${copy("SELECT o.key, o.about, o.number, k.text FROM {orders} o JOIN {customers} k ON o.key = k.key")}
`,
  },
});
