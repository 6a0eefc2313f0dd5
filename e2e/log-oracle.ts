// What DuckDB says of an access log: an oracle that shares nothing with the engine, neither parser nor percentiles.

import { DuckDBInstance } from "@duckdb/node-api";
import type { DuckDBConnection } from "@duckdb/node-api";

/** One row of an answer. */
export type OracleRow = Readonly<Record<string, string | number | null>>;

/** Host, user, time, request, status, bytes, then nothing, or referrer and agent and what is not in quotes behind them. */
const quoted = String.raw`"((?:[^"\\]|\\.)*)"`;
const form = String.raw`^(\S+) \S+ (.+?) \[([^\]]+)\] ${quoted} (\d{3}) (\d+|-)(?: ${quoted} ${quoted})?( [^"].*)?$`;

/** The hits of some files. */
export class LogOracle {
  readonly #instance: DuckDBInstance;
  readonly #connection: DuckDBConnection;

  private constructor(instance: DuckDBInstance, connection: DuckDBConnection) {
    this.#instance = instance;
    this.#connection = connection;
  }

  /** Load files. Lines that are no hits are left out. */
  static async open(paths: readonly string[]): Promise<LogOracle> {
    const instance = await DuckDBInstance.create(":memory:");
    const connection = await instance.connect();
    await connection.run(`
      create table hits as
      with lines as (
        select filename as file, unnest(string_split(content, chr(10))) as line, generate_subscripts(string_split(content, chr(10)), 1) as number
        from read_text([${paths.map(sqlText).join(", ")}])
      ), fields as (
        select file, number, regexp_extract(line, ${sqlText(form)},
          ['host', 'user', 'stamp', 'request', 'status', 'bytes', 'referrer', 'agent', 'rest']) as f,
          regexp_matches(line, ${sqlText(form)}) as is_hit, contains(line, '" "') or line like '%"-"%' as is_combined
        from lines
      )
      select file, number, f.host as host, nullif(f.user, '-') as user,
        epoch_ms(strptime(f.stamp, '%d/%b/%Y:%H:%M:%S %z'))::double as ms, f.request as request,
        f.status::integer as status, try_cast(nullif(f.bytes, '-') as bigint) as bytes,
        case when is_combined then nullif(f.referrer, '-') end as referrer,
        case when is_combined then nullif(f.agent, '-') end as agent,
        try_cast(nullif(regexp_extract(f.rest, '^ (\\S+)', 1), '') as double) as seconds,
        split_part(f.request, ' ', 1) as method,
        case when contains(f.request, ' ')
          then regexp_replace(regexp_replace(f.request, '^\\S+ ', ''), ' HTTP/\\S+$', '')
          else nullif(f.request, '-') end as path
      from fields where is_hit`);
    return new LogOracle(instance, connection);
  }

  close(): void {
    this.#connection.closeSync();
    this.#instance.closeSync();
  }

  /** Rows of a query over the table `hits`. Whole numbers come as numbers. */
  async rows(query: string): Promise<readonly OracleRow[]> {
    const reader = await this.#connection.runAndReadAll(query);
    return reader
      .getRowObjectsJS()
      .map((row) =>
        Object.fromEntries(
          Object.entries(row).map(([name, value]) => [name, typeof value === "bigint" ? Number(value) : value]),
        ),
      ) as readonly OracleRow[];
  }

  /** Groups with exact quantiles of a column: the values at the floor of q (n - 1) of the sorted ones, from 0. */
  quantiles(groups: string, column: string, shares: readonly number[]): Promise<readonly OracleRow[]> {
    const at = (q: number): string =>
      `sorted[1 + floor(${q} * (len(sorted) - 1))::bigint]::double as p${String(q * 100)}`;
    return this.rows(`
      with grouped as (
        select ${groups}, count(*) as hits, coalesce(sum(${column}), 0)::double as total, avg(${column}) as mean,
          max(${column})::double as max, list_sort(coalesce(list(${column}) filter (${column} is not null), [])) as sorted
        from hits group by all
      )
      select * exclude (sorted), len(sorted) as present, ${shares.map(at).join(", ")} from grouped`);
  }
}

function sqlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
