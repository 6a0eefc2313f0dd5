// What Hadoop's configuration says about talking to HDFS, as options of the client and of new files. A property that is
// not set leaves Hadoop's default, which the client or the server knows.

import { readFileSync } from "node:fs";
import { quote } from "@millrace/core";
import type { CreateOptions, WebHdfsAuth, WebHdfsClientOptions } from "hdfs-webhdfs-client";
import { hadoopUserName } from "./find-configuration.ts";
import type { HadoopEnvironment } from "./find-configuration.ts";
import { configurationError } from "./hadoop-configuration.ts";
import type { HadoopConfiguration } from "./hadoop-configuration.ts";

/** Block size, replication and permission of new files; absent is the server's default, or the umask's. */
export type FileSettings = Pick<CreateOptions, "blockBytes" | "replication" | "permission">;

/** Hadoop checksums every 512 bytes; a block is a whole number of them. */
const checksumBytes = 512;
/** `dfs.replication.max`. */
const replicationMax = 512;

/**
 * Options of the client but for its addresses.
 *
 * Beside Hadoop's own properties it reads three of Millrace, which Hadoop ignores: `millrace.hdfs.host-map`
 * (`name:port=address:port, …`: where hosts of redirects really are), `millrace.hdfs.tls-ca-file` (PEM; Hadoop's own trust
 * stores are Java's), and `millrace.hdfs.local-reads` (`true`: blocks of a DataNode on this machine are read from its disk,
 * checked against their checksums, where its files may be read).
 * @throws {MillraceError} E_CONFIGURATION for a value that means nothing.
 */
export function clientSettings(
  configuration: HadoopConfiguration,
  environment: HadoopEnvironment,
): Omit<WebHdfsClientOptions, "nameNodes"> {
  const read = new Settings(configuration);
  const caFile = configuration.get("millrace.hdfs.tls-ca-file");
  return withoutUndefined({
    auth: authOf(configuration, environment),
    umask: read.umask("fs.permissions.umask-mode"),
    hostMap: read.pairs("millrace.hdfs.host-map"),
    connectTimeoutMs: read.duration("dfs.webhdfs.socket.connect-timeout"),
    idleTimeoutMs: read.duration("dfs.webhdfs.socket.read-timeout"),
    retry: withoutUndefined({
      failoverCountMax: read.count("dfs.http.client.failover.max.attempts", 0, 1_000),
      retryCountMax: read.count("dfs.http.client.retry.max.attempts", 0, 1_000),
      delayMs: read.count("dfs.http.client.failover.sleep.base.millis", 0, 3_600_000),
      delayMsMax: read.count("dfs.http.client.failover.sleep.max.millis", 0, 3_600_000),
    }),
    localReads: read.flag("millrace.hdfs.local-reads"),
    tls: caFile === undefined ? undefined : { ca: readCa(caFile) },
  });
}

/** Settings of new files. @throws {MillraceError} E_CONFIGURATION. */
export function fileSettings(configuration: HadoopConfiguration): FileSettings {
  const read = new Settings(configuration);
  return withoutUndefined({
    blockBytes: read.blockBytes("dfs.blocksize"),
    replication: read.count("dfs.replication", 1, replicationMax),
  });
}

function authOf(configuration: HadoopConfiguration, environment: HadoopEnvironment): WebHdfsAuth {
  const doAs = environment.HADOOP_PROXY_USER;
  const proxy = doAs ? { doAs } : {};
  if (configuration.get("hadoop.security.authentication") === "kerberos") return { kind: "kerberos", ...proxy };
  return { kind: "simple", user: hadoopUserName(environment), ...proxy };
}

/** Typed reading of properties. */
class Settings {
  readonly #configuration: HadoopConfiguration;

  constructor(configuration: HadoopConfiguration) {
    this.#configuration = configuration;
  }

  count(name: string, min: number, max: number): number | undefined {
    return this.#parse(name, `a whole number from ${min} to ${max}`, (text) => {
      const value = /^\d+$/u.test(text) ? Number(text) : Number.NaN;
      return value >= min && value <= max ? value : undefined;
    });
  }

  flag(name: string): boolean | undefined {
    const flags: Readonly<Record<string, boolean>> = { true: true, false: false };
    return this.#parse(name, "true or false", (text) => (Object.hasOwn(flags, text) ? flags[text] : undefined));
  }

  /** Bytes, with `k`, `m`, `g`, `t`, `p` for powers of 1024. */
  blockBytes(name: string): number | undefined {
    return this.#parse(name, `a multiple of ${checksumBytes}, such as 134217728 or 128m`, (text) => {
      const match = /^(\d+)([kmgtp]?)$/iu.exec(text);
      const bytes = Number(match?.[1]) * 1024 ** ("kmgtp".indexOf((match?.[2] ?? "").toLowerCase() || "-") + 1);
      return Number.isSafeInteger(bytes) && bytes > 0 && bytes % checksumBytes === 0 ? bytes : undefined;
    });
  }

  /** Milliseconds; `ms`, `s`, `m`, `h` may follow. */
  duration(name: string): number | undefined {
    const units: Readonly<Record<string, number>> = { "": 1, ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };
    return this.#parse(name, "a time such as 60s", (text) => {
      const match = /^(\d+)\s*(ms|s|m|h|)$/iu.exec(text);
      const ms = Number(match?.[1]) * (units[(match?.[2] ?? "").toLowerCase()] ?? Number.NaN);
      return ms >= 1 && ms < 2 ** 31 ? ms : undefined;
    });
  }

  /** Octal (`022`), or symbolic what is left (`u=rwx,g=rx,o=`). */
  umask(name: string): number | undefined {
    return this.#parse(name, "a umask such as 022 or u=rwx,g=rx,o=rx", (text) =>
      /^[0-7]{1,4}$/u.test(text) ? Number.parseInt(text, 8) & 0o777 : symbolicUmask(text),
    );
  }

  pairs(name: string): Readonly<Record<string, string>> | undefined {
    return this.#parse(name, "a list such as dn1:9864=10.0.0.1:9864", (text) => {
      const pairs = text.split(/[\s,]+/u).map((item) => item.split("="));
      const good = pairs.every((pair) => pair.length === 2 && pair.every((part) => part !== ""));
      return good ? (Object.fromEntries(pairs) as Record<string, string>) : undefined;
    });
  }

  #parse<Value>(name: string, expected: string, parse: (text: string) => Value | undefined): Value | undefined {
    const text = this.#configuration.get(name);
    if (text === undefined) return undefined;
    const value = parse(text);
    if (value !== undefined) return value;
    throw configurationError(
      this.#configuration.directory ?? "",
      `${name} is ${quote(text)}, which is not ${expected}`,
    );
  }
}

/** `u=rwx,g=rx,o=` names the permissions that stay; who is not named keeps none. */
function symbolicUmask(text: string): number | undefined {
  let kept = 0;
  for (const clause of text.split(",")) {
    const match = /^([ugoa]+)=([rwx]*)$/u.exec(clause.trim());
    if (match === null) return undefined;
    const [, who = "", what = ""] = match;
    const bits = what.split("").reduce((sum, letter) => sum | ({ r: 4, w: 2, x: 1 }[letter] ?? 0), 0);
    for (const [letter, shift] of [
      ["u", 6],
      ["g", 3],
      ["o", 0],
    ] as const) {
      if (who.includes(letter) || who.includes("a")) kept |= bits << shift;
    }
  }
  return 0o777 & ~kept;
}

function readCa(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw configurationError(path, cause instanceof Error ? cause.message : String(cause), cause);
  }
}

type Defined<Value> = { [Name in keyof Value]: Exclude<Value[Name], undefined> };

function withoutUndefined<Value extends object>(value: Value): Partial<Defined<Value>> {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as Partial<Defined<Value>>;
}
