// Find the value of each configuration key and say where it came from. Unknown keys are refused, never ignored:
// a misspelt key that silently does nothing costs an evening.

import { existsSync, readFileSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";
import { MillraceError, didYouMean, quote } from "@millrace/core";
import type { ConfigName } from "./config-keys.ts";
import { configDefaults, variableOf } from "./config-keys.ts";

/** A value and its origin: `flag`, a variable's name, a file's path, or `default`. */
export interface ConfigValue {
  readonly value: string;
  readonly origin: string;
}

/** All values. */
export type Config = Readonly<Record<ConfigName, ConfigValue>>;

/** Where to look; handed in for tests. */
export interface ConfigSources {
  readonly flags: Readonly<Partial<Record<ConfigName, string | undefined>>>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly files: readonly string[];
}

const configFileBytesMax = 1024 * 1024;
const names = Object.keys(configDefaults) as ConfigName[];

/** Variables of Millrace that are no configuration keys. */
const otherVariables = new Set(["MILLRACE_FAILPOINTS", "MILLRACE_TOKEN", "MILLRACE_ENDPOINT_FILE"]);

/** The files that are read, first one first: working directory, user, system. */
export function configFiles(environment: Readonly<Record<string, string | undefined>>): readonly string[] {
  const home = environment["XDG_CONFIG_HOME"];
  // By the XDG base directory rules a path that is not absolute counts as none.
  const userDirectory = home !== undefined && isAbsolute(home) ? home : join(homedir(), ".config");
  return ["millrace.yaml", join(userDirectory, "millrace", "millrace.yaml"), "/etc/millrace/millrace.yaml"];
}

/** Resolve every key. @throws {MillraceError} E_CONFIGURATION for an unknown key or an unreadable file. */
export async function loadConfig(sources: ConfigSources): Promise<Config> {
  refuseUnknownVariables(sources.environment);
  const files: { path: string; values: Readonly<Record<string, unknown>> }[] = [];
  for (const path of sources.files) if (existsSync(path)) files.push({ path, values: await readConfigFile(path) });
  const entries = names.map((name): [ConfigName, ConfigValue] => {
    const flag = sources.flags[name];
    if (flag !== undefined) return [name, { value: flag, origin: "flag" }];
    const variable = variableOf(name);
    const inEnvironment = sources.environment[variable];
    if (inEnvironment !== undefined) return [name, { value: inEnvironment, origin: variable }];
    const file = files.find(({ values }) => Object.hasOwn(values, name));
    if (file !== undefined) return [name, { value: String(file.values[name]), origin: file.path }];
    return [name, { value: configDefaults[name], origin: "default" }];
  });
  return Object.fromEntries(entries) as unknown as Config;
}

function refuseUnknownVariables(environment: Readonly<Record<string, string | undefined>>): void {
  const known = new Set([...names.map(variableOf), ...otherVariables]);
  const unknown = Object.keys(environment).find((name) => name.startsWith("MILLRACE_") && !known.has(name));
  if (unknown !== undefined) {
    throw new MillraceError(
      "E_CONFIGURATION",
      `Cannot use the variable ${quote(unknown)}: no such key${didYouMean(unknown, known)}; unset it or mend its name`,
    );
  }
}

async function readConfigFile(path: string): Promise<Readonly<Record<string, unknown>>> {
  if (statSync(path).size > configFileBytesMax) {
    throw new MillraceError(
      "E_CONFIGURATION",
      `Cannot read ${quote(path)}: larger than 1 MiB; is it a configuration file?`,
    );
  }
  const { parse } = await import("yaml");
  let parsed: unknown;
  try {
    parsed = parse(readFileSync(path, "utf8"), { maxAliasCount: 10, uniqueKeys: true });
  } catch (cause) {
    const reason = cause instanceof Error ? (cause.message.split("\n")[0] ?? "") : String(cause);
    throw new MillraceError("E_CONFIGURATION", `Cannot read ${quote(path)}: ${reason}; mend the YAML`, { cause });
  }
  if (parsed === null || parsed === undefined) return {};
  if (typeof parsed !== "object" || Array.isArray(parsed)) {
    throw new MillraceError(
      "E_CONFIGURATION",
      `Cannot read ${quote(path)}: not a list of \`key: value\` lines; write one key a line`,
    );
  }
  checkKeys(path, parsed as Readonly<Record<string, unknown>>);
  return parsed as Readonly<Record<string, unknown>>;
}

function checkKeys(path: string, values: Readonly<Record<string, unknown>>): void {
  for (const [key, value] of Object.entries(values)) {
    if (!Object.hasOwn(configDefaults, key)) {
      throw new MillraceError(
        "E_CONFIGURATION",
        `Cannot use ${quote(path)}: unknown key ${quote(key)}${didYouMean(key, names)}; remove or mend it`,
      );
    }
    if (typeof value !== "string" && typeof value !== "number") {
      throw new MillraceError(
        "E_CONFIGURATION",
        `Cannot use ${quote(path)}: the value of ${quote(key)} is neither text nor a number; write a plain value`,
      );
    }
  }
}
