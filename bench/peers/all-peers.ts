// All peers, in the order of the tables.

import { chdb } from "./chdb.ts";
import { datafusion } from "./datafusion.ts";
import { duckdb } from "./duckdb.ts";
import { gnuTools } from "./gnu-tools.ts";
import { hadoop } from "./hadoop.ts";
import { mawk } from "./mawk.ts";
import { nativeC } from "./native-c.ts";
import { nodeScript } from "./node-script.ts";
import type { Peer } from "./peer.ts";
import { polars } from "./polars.ts";
import { ripgrep } from "./ripgrep.ts";
import { spark } from "./spark.ts";

/** Engines first, what shows the hardware last. */
export const allPeers: readonly Peer[] = [
  duckdb,
  polars,
  chdb,
  datafusion,
  ripgrep,
  gnuTools,
  mawk,
  nodeScript,
  spark,
  hadoop,
  nativeC,
];
