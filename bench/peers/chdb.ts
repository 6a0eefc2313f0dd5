// chDB, ClickHouse in a process, from PyPI: SQL over the file, rows written by INTO OUTFILE.

import { pythonPeer } from "./python-peers.ts";

const prelude = `
import os, chdb
IN, IN2, OUT, PATTERN = (os.environ[name] for name in ("IN", "IN2", "OUT", "PATTERN"))
settings = f"SETTINGS max_threads = {os.environ['THREADS']}"
if "MEMORY" in os.environ:
    quarter = int(os.environ["MEMORY"]) // 4
    settings += f", max_bytes_before_external_group_by = {quarter}, max_bytes_before_external_sort = {quarter}"
    settings += ", max_bytes_ratio_before_external_group_by = 0, max_bytes_ratio_before_external_sort = 0"
lines = f"file('{IN}', 'LineAsString', 'line String')"
def write(query, to=OUT, form="TSVRaw"):
    chdb.query(f"{query} INTO OUTFILE '{to}' FORMAT {form} {settings}", "Null")
`;

/** The peer. */
export const chdb = pythonPeer({
  name: "chdb",
  kind: "engine",
  distribution: "chdb",
  prelude,
  programs: {
    "word-count": `write(f"SELECT w, count() FROM (SELECT arrayJoin(splitByChar(' ', line)) AS w FROM {lines}) WHERE w != '' GROUP BY w")`,
    traffic: `
parts = f"""(SELECT line, splitByChar('"', line, 3) AS quoted, splitByChar(' ', quoted[3], 3) AS numbers FROM {lines})"""
rows = f"""(SELECT toUInt16(numbers[2]) AS status, substring(line, position(line, '[') + 1, 17) AS minute,
  splitByChar(' ', quoted[2], 2)[2] AS path, toInt64OrNull(numbers[3]) AS bytes FROM {parts})"""
write(f"""SELECT status, minute, count(), coalesce(sum(bytes), 0), coalesce(quantileExactLow(0.99)(bytes), -1)
  FROM {rows} GROUP BY status, minute""", OUT + "/minutes")
write(f"SELECT path, sum(bytes) AS total FROM {rows} GROUP BY path ORDER BY total DESC, path LIMIT 100", OUT + "/paths")
`,
    terasort: `write(f"SELECT r FROM file('{IN}', 'RowBinary', 'r FixedString(100)') ORDER BY substring(r, 1, 10)", form="RowBinary")`,
    "sort-lines": `write(f"SELECT line FROM {lines} ORDER BY line")`,
    grep: `write(f"SELECT count() FROM {lines} WHERE match(line, '{PATTERN}')")`,
    "grep-lines": `write(f"SELECT line FROM {lines} WHERE match(line, '{PATTERN}')")`,
    join: `
orders = f"file('{IN}', 'TSV', 'key String, about String, number String')"
customers = f"file('{IN2}', 'TSV', 'key String, text String')"
write(f"SELECT o.key, o.about, o.number, k.text FROM {orders} o JOIN {customers} k ON o.key = k.key")
`,
  },
});
