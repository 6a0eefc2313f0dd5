// The sort benchmark: rows of 100 bytes by their first 10. Shipped as `terasort`. No type syntax in a shipped job: its
// file is run as it stands.

import { teraRecords } from "@millrace/formats";
import { bytes, defineJob, eachPair, eachRow, sampledRanges } from "@millrace/sdk";

/** Sort rows as gensort and Hadoop's TeraGen make them; rows of equal keys stay in the order of the input. */
export default defineJob({
  name: "terasort",
  input: teraRecords(),
  key: bytes(),
  value: bytes(),
  map: eachRow(),
  partition: sampledRanges(),
  reduce: eachPair(),
  output: teraRecords(),
});
