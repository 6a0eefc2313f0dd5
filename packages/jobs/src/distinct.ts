// The different lines. Shipped as `distinct`. No type syntax in a shipped job: its file is run as it stands.

import { textLines } from "@millrace/formats";
import { boolean, chain, count, defineJob, int, object, records, text } from "@millrace/sdk";

const counts = records(object({ key: text(), value: int() }));

const counted = defineJob({
  name: "distinct-lines",
  input: textLines(),
  map: (line, emit) => emit(line),
  reduce: count(),
  output: counts,
});

/** Write each different line once, in the order of its bytes in each part file; with `counts` as `count TAB line`. */
const written = defineJob({
  name: "distinct",
  params: { counts: boolean({ default: false, about: "write how often each line occurs, before it" }) },
  input: counts,
  map: ({ key, value }, emit, { params }) => emit(params.counts ? `${value}\t${key}` : key),
  output: textLines(),
});

export default chain(counted, written);
