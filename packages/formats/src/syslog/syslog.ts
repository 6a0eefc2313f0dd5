// Lines of syslog, in: RFC 5424 and RFC 3164, mixed as they may be.

import { MillraceError, quote } from "@millrace/core";
import { type KeyCodec, type ObjectOf, type Table, int, optional, text, time } from "@millrace/sdk";
import { type InputFormat, createTable } from "@millrace/sdk/engine";
import { IsoTimeParser, parseOffset } from "../columns/iso-time.ts";
import { createLineReader } from "../columns/line-reader.ts";
import { type TextOf, createPlaces, createRecordMaker } from "../columns/line-record.ts";
import { planColumns } from "../columns/plan-columns.ts";
import type { LegacyClock } from "./legacy-time.ts";
import { SyslogParser, syslogColumnCount } from "./parse-syslog.ts";
import { structuredValue } from "./structured-data.ts";

type OptionalText = KeyCodec<string | null, { readonly optional: "text" }>;
type OptionalInt = KeyCodec<number | null, { readonly optional: "int" }>;

/** The columns of {@link syslog}, and how they are encoded. */
export type SyslogLog = {
  /** 0 to 23; `null` where the line has no priority, as in most files. */
  readonly facility: OptionalInt;
  /** Such as `auth`. */
  readonly facilityName: OptionalText;
  /** 0 (emergency) to 7 (debug). */
  readonly severity: OptionalInt;
  /** Such as `err`. */
  readonly severityName: OptionalText;
  /** Milliseconds since 1970; `null` for the `-` of RFC 5424. */
  readonly time: KeyCodec<number | null, { readonly optional: "time" }>;
  readonly host: OptionalText;
  /** The program: APP-NAME, or the tag before `[` or `:`. */
  readonly app: OptionalText;
  /** PROCID, or what stands in brackets after the tag. */
  readonly procId: OptionalText;
  /** RFC 5424 alone. */
  readonly msgId: OptionalText;
  /** All of it as it stands; RFC 5424 alone. */
  readonly structuredData: OptionalText;
  readonly message: KeyCodec<string, "text">;
};

/** Parameters of structured data by the name of a column: its element and its name, as `["origin", "ip"]`. */
export type StructuredColumns = Readonly<Record<string, readonly [id: string, name: string]>>;

/** How lines are read. */
export interface SyslogOptions<D extends StructuredColumns = StructuredColumns> {
  /** The year of all times of RFC 3164, which say none. */
  readonly year?: number;
  /**
   * For a log that goes over a New Year: each time without a year is the last one of its date that is not after this
   * moment, as ISO 8601. Say when the log ends.
   */
  readonly until?: string;
  /** How far the clock of times of RFC 3164 was ahead of UTC, such as `+02:00`. Default `Z`. */
  readonly offset?: string;
  /** Columns for parameters of structured data. */
  readonly structured?: D;
}

/** All columns, those of structured data included. */
export type SyslogColumns<D> = SyslogLog & { readonly [N in keyof D]: OptionalText };

/**
 * Read lines of syslog: RFC 5424, and RFC 3164 with or without its priority, also with the RFC 3339 times that daemons
 * write to files. A time without a year needs `year` or `until`, else the line is a bad record that says so: the year is
 * never taken from the clock, so a job gives the same answer on any day. A line without a time is a bad record too, an
 * empty line is none.
 *
 * @see RFC 5424, section 6; RFC 3164, section 4.
 * @throws {MillraceError} E_JOB_INVALID for both `year` and `until`, or a year, moment or offset that is none.
 * @example
 * ```ts
 * input: syslog({ until: "2026-03-01", structured: { ip: ["origin", "ip"] } }),
 * map: (line, emit) => emit(line.app ?? "", 1),
 * reduce: sum(),
 * ```
 */
export function syslog<const D extends StructuredColumns = {}>(
  options: SyslogOptions<D> = {},
): Table<SyslogColumns<D>, ObjectOf<SyslogColumns<D>>> {
  const clock = planClock(options);
  const structured = Object.entries(options.structured ?? {});
  const columns = {
    ...syslogLog,
    ...Object.fromEntries(structured.map(([name]) => [name, optional(text())])),
  } as unknown as SyslogColumns<D>;
  if (Object.keys(columns).length !== syslogColumnCount + structured.length)
    throw refused(`a column of structured data has the name of one that is there; choose another`);
  const plan = planColumns("syslog", columns);
  const make = createRecordMaker<ObjectOf<SyslogColumns<D>>>(plan, ({ name }) =>
    textOfColumn(name, options.structured),
  );
  const format: InputFormat<ObjectOf<SyslogColumns<D>>> = {
    name: "syslog",
    splitting: "delimiter",
    framing: { kind: "delimited", delimiter: "line" },
    createReader: (given) => {
      const parser = new SyslogParser(createPlaces(plan.length), clock);
      return createLineReader(given, {
        parse: (line) => parser.parse(line),
        make: (line) => make(line, parser.places),
      });
    },
  };
  return createTable(format, columns);
}

const syslogLog: SyslogLog = {
  facility: optional(int()),
  facilityName: optional(text()),
  severity: optional(int()),
  severityName: optional(text()),
  time: optional(time()),
  host: optional(text()),
  app: optional(text()),
  procId: optional(text()),
  msgId: optional(text()),
  structuredData: optional(text()),
  message: text(),
};

/** Names by number, as syslog.conf has them. @see RFC 5424, tables 1 and 2. */
const facilityNames = (
  "kern user mail daemon auth syslog lpr news uucp cron authpriv ftp ntp security console solaris-cron " +
  "local0 local1 local2 local3 local4 local5 local6 local7"
).split(" ");
const severityNames = ["emerg", "alert", "crit", "err", "warning", "notice", "info", "debug"];

function textOfColumn(name: string, structured: StructuredColumns = {}): TextOf {
  if (name === "facilityName") return (_line, facility) => facilityNames[facility] ?? null;
  if (name === "severityName") return (_line, severity) => severityNames[severity] ?? null;
  const parameter = Object.hasOwn(structured, name) ? structured[name] : undefined;
  if (parameter === undefined) return (line, begin, end) => line.slice(begin, end);
  const [id, parameterName] = parameter;
  return (line, begin, end) => structuredValue({ line, begin, end }, id, parameterName);
}

function planClock({ year, until, offset = "Z" }: SyslogOptions): LegacyClock {
  const offsetMs = parseOffset(offset);
  if (offsetMs === undefined) throw refused(`the offset ${quote(offset)} is none; write it as +02:00`);
  if (year !== undefined && until !== undefined) throw refused("year and until say the same; give one of them");
  if (year !== undefined && (!Number.isInteger(year) || year < 1970 || year > 9999))
    throw refused(`the year ${year} is none from 1970 to 9999; give the year of the log`);
  if (until === undefined) return { offsetMs, ...(year === undefined ? {} : { year }) };
  const untilMs = new IsoTimeParser().parse(until, 0, until.length);
  if (Number.isNaN(untilMs))
    throw refused(`until is ${quote(until)}, no time such as 2026-03-01; say when the log ends`);
  return { offsetMs, untilMs };
}

function refused(reason: string): MillraceError {
  return new MillraceError("E_JOB_INVALID", `Cannot read "syslog": ${reason}`);
}
