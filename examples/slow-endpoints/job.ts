// The endpoints with the worst 95th percentile, from the JSON log of a service. Two jobs in a chain: the first aggregates
// by endpoint, the map of the second runs where those results are made, and one reducer writes them in order. Lines
// with an error go to outputs of their own by the way.

import {
  chain,
  count,
  csv,
  defineJob,
  double,
  fields,
  int,
  jsonLines,
  object,
  optional,
  quantile,
  records,
  text,
  textLines,
} from "millrace";

const request = object({ endpoint: text(), status: int(), ms: double(), message: text() });

const byEndpoint = defineJob({
  name: "by-endpoint",
  input: jsonLines(request),
  map: ({ endpoint, status, ms, message }, emit, context) => {
    if (status >= 500) context.outputs.failures({ endpoint, status, ms, message });
    else if (status >= 400) context.outputs.refusals(`${status} ${endpoint} ${message}`);
    emit(endpoint, { requests: undefined, p95: ms });
  },
  reduce: fields({ requests: count(), p95: quantile(double(), 0.95) }),
  output: jsonLines(),
  outputs: { failures: jsonLines(request), refusals: textLines() },
});

const slowestFirst = defineJob({
  name: "slow-endpoints",
  input: records(object({ key: text(), value: object({ requests: int(), p95: optional(double()) }) })),
  key: double(),
  value: object({ endpoint: text(), requests: int() }),
  map: ({ key, value }, emit) => emit(-(value.p95 ?? 0), { endpoint: key, requests: value.requests }),
  reduces: 1,
  reduce: (negative, endpoints, emit) => {
    for (const { endpoint, requests } of endpoints) emit({ endpoint, requests, p95: -negative });
  },
  output: csv({ columns: { endpoint: text(), requests: int(), p95: double() } }),
});

export default chain(byEndpoint, slowestFirst);
