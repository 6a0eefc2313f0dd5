// A cluster's configuration as Hadoop's own clients read it: core-site.xml and hdfs-site.xml of one directory, with
// includes, later values over earlier ones but for final ones, old names of properties, and `${…}` replaced when asked.

import { MillraceError, quote } from "@millrace/core";
import { parseHadoopXml } from "./hadoop-xml.ts";

/** Where a configuration comes from. Handed in, so that a test needs no machine. */
export interface ConfigurationSource {
  /** Directory that holds the files. */
  readonly directory: string;
  /** @returns the text of a file by absolute path, undefined when it is not there. */
  readonly readFile: (path: string) => string | undefined;
  /** Environment variables for `${env.NAME}`. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** For `${user.name}`. */
  readonly userName: string;
}

/** Properties of a cluster. */
export interface HadoopConfiguration {
  /** Directory that it was read from, undefined when there is none. */
  readonly directory: string | undefined;
  /** Names of all properties that are set, sorted. */
  readonly names: readonly string[];
  /** Value of a property, expanded and trimmed; undefined when it is not set or empty. */
  get(name: string): string | undefined;
}

/** The files, in the order in which Hadoop's HDFS client loads them. */
const fileNames = ["core-site.xml", "hdfs-site.xml"] as const;
/** Hadoop's `Configuration.MAX_SUBST`. */
const expansionsMax = 20;
/** Includes within includes; a file that includes itself has no end. */
const includesDepthMax = 8;

/** Old names that clusters still carry. @see Hadoop's DeprecatedProperties page */
const newNames: Readonly<Record<string, string>> = {
  "fs.default.name": "fs.defaultFS",
  "dfs.http.address": "dfs.namenode.http-address",
  "dfs.https.address": "dfs.namenode.https-address",
  "dfs.federation.nameservices": "dfs.nameservices",
  "dfs.block.size": "dfs.blocksize",
  "dfs.umaskmode": "fs.permissions.umask-mode",
};

interface Property {
  readonly value: string | undefined;
  readonly final: boolean;
}

/** The configuration of a machine that has none: every property is unset. */
export const emptyConfiguration: HadoopConfiguration = { directory: undefined, names: [], get: () => undefined };

/**
 * Read a configuration.
 * @throws {MillraceError} E_CONFIGURATION when the directory holds neither file, or one of them cannot be read.
 */
export function readConfiguration(source: ConfigurationSource): HadoopConfiguration {
  const properties = new Map<string, Property>();
  let found = false;
  for (const name of fileNames) {
    const path = `${source.directory.replace(/\/+$/u, "")}/${name}`;
    const text = readText(source, path);
    if (text === undefined) continue;
    found = true;
    loadFile({ source, properties, path, depth: 0 }, text);
  }
  if (!found) throw configurationError(source.directory, `it holds neither ${fileNames[0]} nor ${fileNames[1]}`);
  return {
    directory: source.directory,
    names: [...properties.keys()].sort((a, b) => (a < b ? -1 : 1)),
    get: (name) => {
      const text = expand(properties, source, properties.get(name)?.value)?.trim();
      return text === "" ? undefined : text;
    },
  };
}

interface Loading {
  readonly source: ConfigurationSource;
  readonly properties: Map<string, Property>;
  readonly path: string;
  readonly depth: number;
}

function loadFile(loading: Loading, text: string): void {
  const { properties, path } = loading;
  for (const entry of parse(path, text)) {
    if (entry.kind === "include") {
      loadInclude(loading, entry);
      continue;
    }
    const name = newNames[entry.name] ?? entry.name;
    const before = properties.get(name);
    if (before?.final === true) continue;
    properties.set(name, { value: entry.value ?? before?.value, final: entry.final });
  }
}

/** An include counts as if its properties stood in its place. `href` is a path or a `file:` URL, beside the including file. */
function loadInclude(
  { source, properties, path, depth }: Loading,
  { href, optional }: { readonly href: string; readonly optional: boolean },
): void {
  const target = includePath(path, href);
  if (depth >= includesDepthMax)
    throw configurationError(path, `it includes ${quote(href)} more than ${includesDepthMax} files deep`);
  const text = readText(source, target);
  if (text !== undefined) loadFile({ source, properties, path: target, depth: depth + 1 }, text);
  else if (!optional) throw configurationError(path, `it includes ${quote(target)}, which is not there`);
}

function includePath(path: string, href: string): string {
  if (/^[a-z][a-z0-9+.-]+:/iu.test(href) && !href.startsWith("file:"))
    throw configurationError(path, `it includes ${quote(href)}, which is no file`);
  const base = new URL(`file://${encodeURI(path)}`);
  return decodeURIComponent(new URL(href, base).pathname);
}

function parse(path: string, text: string): ReturnType<typeof parseHadoopXml> {
  try {
    return parseHadoopXml(text);
  } catch (cause) {
    throw configurationError(path, cause instanceof Error ? cause.message : String(cause), cause);
  }
}

function readText(source: ConfigurationSource, path: string): string | undefined {
  try {
    return source.readFile(path);
  } catch (cause) {
    throw configurationError(path, cause instanceof Error ? cause.message : String(cause), cause);
  }
}

/** Replace `${…}` from the inside out, as Hadoop does; what is unknown stays as it stands. */
function expand(
  properties: ReadonlyMap<string, Property>,
  source: ConfigurationSource,
  text: string | undefined,
): string | undefined {
  let done = text;
  for (let count = 0; done !== undefined && count < expansionsMax; count += 1) {
    const match = /\$\{([^}$\s]+)\}/u.exec(done);
    if (match?.[1] === undefined) return done;
    const value = variable(properties, source, match[1]);
    if (value === undefined) return done;
    done = done.slice(0, match.index) + value + done.slice(match.index + match[0].length);
  }
  return done;
}

function variable(
  properties: ReadonlyMap<string, Property>,
  source: ConfigurationSource,
  name: string,
): string | undefined {
  if (name === "user.name") return source.userName;
  if (!name.startsWith("env.")) return properties.get(newNames[name] ?? name)?.value;
  // `:-` takes the default for an empty variable too, `-` only for one that is not set.
  const match = /^env\.([^:-]+)(?:(:?-)(.*))?$/u.exec(name);
  const value = source.environment[match?.[1] ?? ""];
  const unset = value === undefined || (match?.[2] === ":-" && value === "");
  return unset ? match?.[3] : value;
}

/** Say what is wrong with a configuration. */
export function configurationError(path: string, reason: string, cause?: unknown): MillraceError {
  return new MillraceError(
    "E_CONFIGURATION",
    `Cannot read Hadoop's configuration ${quote(path, 1_024)}: ${reason}; mend it, or let HADOOP_CONF_DIR name another directory`,
    { details: { path }, ...(cause === undefined ? {} : { cause }) },
  );
}
