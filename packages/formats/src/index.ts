// Readers and writers of records, and compression. Authors see the formats through `millrace`; the rest is the engine's.

export { textLines } from "./text/text-lines.ts";
export { jsonLines } from "./json/json-lines.ts";
export { type CombinedLog, type CombinedLogRecord, combinedLog } from "./log/combined-log.ts";
export { type Cell, type TableRecord, textTable } from "./table/text-table.ts";
export { type WholeFileColumns, type WholeFileRecord, wholeFile } from "./whole-file/whole-file.ts";
export { numbers } from "./numbers/numbers.ts";
export { type TeraColumns, type TeraRecord, teraRecords } from "./tera/tera-records.ts";
export { type CompressionOptions, gzip, zstd } from "./compression/compressed.ts";
export { csv, tsv } from "./delimited/csv.ts";
export type { DelimitedOptions } from "./delimited/delimited-format.ts";
export { type MetricColumns, type OpenMetricsOptions, openMetrics } from "./metrics/open-metrics.ts";
export type { MetricExemplar, MetricSample } from "./metrics/metric-sample.ts";
export type { MetricPoint, MetricType } from "./metrics/write-open-metrics.ts";
export { type InputReport, type InputSample, checkInputFormat } from "./conformance/check-input-format.ts";
export { type OutputReport, type OutputSamples, checkOutputFormat } from "./conformance/check-output-format.ts";
export { logfmt } from "./logfmt/logfmt.ts";
export { type InfluxColumns, type InfluxLineOptions, influxLine } from "./metrics/influx-line.ts";
export type { InfluxPoint } from "./metrics/write-influx-line.ts";
export type { InfluxPrecision, InfluxRecord, InfluxValue } from "./metrics/influx-record.ts";
export { type LogFormatOptions, type LogTable, logFormat } from "./log/log-format.ts";
export { type TimedLog, type TimedLogOptions, type TimedLogRecord, nginxTimed } from "./log/nginx-timed.ts";
export { type CriLog, type CriOptions, type CriRecord, cri } from "./cri/cri.ts";
export { type EventLog, type EventOptions, type EventRecord, events } from "./events/events.ts";
export {
  type StructuredColumns,
  type SyslogColumns,
  type SyslogLog,
  type SyslogOptions,
  syslog,
} from "./syslog/syslog.ts";
export {
  type KeyValueLine,
  type KeyValueRecord,
  type KeyValueTextOptions,
  keyValueText,
} from "./hadoop/key-value-text.ts";
export { type SequenceFileOptions, type SequenceRecord, sequenceFile } from "./hadoop/sequence-file.ts";
export type { SequenceCodec } from "./hadoop/sequence-codec.ts";
export type { SequenceCompression } from "./hadoop/sequence-header.ts";
export type { WritableName, WritableValues } from "./hadoop/writable.ts";
