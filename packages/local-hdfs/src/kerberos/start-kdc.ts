// A Kerberos realm on this machine: a server on a free port of loopback, principals, and keytabs with their keys.

import { spawn, spawnSync } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { MillraceError } from "@millrace/core";
import { waitUntil } from "../cluster/wait-until.ts";
import { FreePorts } from "../processes/free-ports.ts";
import type { KdcTools } from "./find-kdc.ts";

/** What to start. */
export interface LocalKdcOptions {
  readonly tools: KdcTools;
  /** Empty or missing; removed by `stop`. */
  readonly directory: string;
  /** Names of keytabs, with the principals that each holds: `{ alice: ["alice"] }`. */
  readonly keytabs: Readonly<Record<string, readonly string[]>>;
}

/** A realm that is served. */
export interface LocalKdc {
  readonly realm: string;
  /** For KRB5_CONFIG and `java.security.krb5.conf`. */
  readonly configuration: string;
  /** Path of a keytab that was asked for. */
  keytab(name: string): string;
  /** Stop the server and remove the directory. */
  stop(): Promise<void>;
}

const realm = "MILLRACE.TEST";
const host = "127.0.0.1";
/** Each program works on files alone; making a database waits for randomness at most. */
const programTimeoutMs = 30_000;
const startTimeoutMs = 30_000;

/**
 * Make a realm and serve it; takes about a second.
 * @throws {MillraceError} E_STORAGE with what a program printed; nothing is left then.
 */
export async function startKdc({ tools, directory, keytabs }: LocalKdcOptions): Promise<LocalKdc> {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const remove = (): void => rmSync(directory, { recursive: true, force: true });
  const port = await new FreePorts().take(host);
  const keytab = (name: string): string => join(directory, `${name}.keytab`);
  const configuration = join(directory, "krb5.conf");
  const profile = join(directory, "kdc.conf");
  writeFileSync(configuration, clientConfiguration(port));
  writeFileSync(profile, serverConfiguration(directory, port));
  const environment = { ...process.env, KRB5_CONFIG: configuration, KRB5_KDC_PROFILE: profile };
  try {
    run(tools.kdb5Util, ["create", "-s", "-r", realm, "-P", "of no use outside"], environment);
    const ask = (query: string): void => run(tools.kadminLocal, ["-r", realm, "-q", query], environment);
    for (const [name, principals] of Object.entries(keytabs)) {
      for (const principal of principals) ask(`addprinc -randkey ${principal}`);
      ask(`ktadd -k ${keytab(name)} ${principals.join(" ")}`);
    }
    const end = await serve({ program: tools.krb5kdc, logPath: join(directory, "kdc.log"), port, environment });
    return {
      realm,
      configuration,
      keytab,
      stop: async () => {
        await end();
        remove();
      },
    };
  } catch (thrown) {
    remove();
    throw thrown;
  }
}

interface Serving {
  readonly program: string;
  readonly logPath: string;
  readonly port: number;
  readonly environment: NodeJS.ProcessEnv;
}

/** @returns what ends the server */
async function serve({ program, logPath, port, environment }: Serving): Promise<() => Promise<void>> {
  const log = openSync(logPath, "a");
  const child = spawn(program, ["-n", "-r", realm], { stdio: ["ignore", log, log], env: environment });
  closeSync(log);
  const ended = new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
    child.once("error", () => resolve());
  });
  const end = async (): Promise<void> => {
    child.kill("SIGKILL");
    await ended;
  };
  // A test run that is killed leaves this to its own end; one that ends takes it along.
  const endNow = (): void => void child.kill("SIGKILL");
  process.once("exit", endNow);
  void ended.then(() => process.off("exit", endNow));
  const answers = async (): Promise<boolean> => {
    if (child.exitCode !== null) throw failure("krb5kdc", readFileSync(logPath, "utf8"));
    return await accepts(port);
  };
  try {
    await waitUntil(answers, { what: "the KDC to answer", timeoutMs: startTimeoutMs, processes: [] });
  } catch (thrown) {
    await end();
    throw thrown;
  }
  return end;
}

async function accepts(port: number): Promise<boolean> {
  return await new Promise((resolve) => {
    const socket = connect(port, host, () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}

function run(program: string, args: readonly string[], environment: NodeJS.ProcessEnv): void {
  const ran = spawnSync(program, args, { encoding: "utf8", timeout: programTimeoutMs, env: environment });
  if (ran.status !== 0) throw failure([program, ...args].join(" "), `${ran.stdout}${ran.stderr}`);
}

function failure(program: string, output: string): MillraceError {
  return new MillraceError(
    "E_STORAGE",
    `Cannot make a Kerberos realm: "${program}" failed; read what it printed:\n${output.slice(-2_000)}`,
    { details: { reason: "unknown" } },
  );
}

/** Over TCP alone, and without the name service: loopback has the names that it has. */
function clientConfiguration(port: number): string {
  return `[libdefaults]
  default_realm = ${realm}
  udp_preference_limit = 1
  dns_lookup_kdc = false
  dns_lookup_realm = false
  dns_canonicalize_hostname = false
  rdns = false
[realms]
  ${realm} = {
    kdc = ${host}:${port}
  }
[domain_realm]
  localhost = ${realm}
  ${host} = ${realm}
`;
}

function serverConfiguration(directory: string, port: number): string {
  return `[kdcdefaults]
  kdc_listen = ${host}:${port}
  kdc_tcp_listen = ${host}:${port}
[realms]
  ${realm} = {
    database_name = ${join(directory, "principal")}
    key_stash_file = ${join(directory, "stash")}
    acl_file = ${join(directory, "kadm5.acl")}
    supported_enctypes = aes256-cts-hmac-sha1-96:normal
  }
[logging]
  kdc = STDERR
  admin_server = STDERR
`;
}
