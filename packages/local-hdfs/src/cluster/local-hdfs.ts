// What a running HDFS is to those who use it: its addresses, and its servers, which can be killed and brought back.

import type { HadoopJars } from "../jars/fetch-jars.ts";
import type { KerberosGuard } from "../kerberos/kerberos-properties.ts";
import type { Tools } from "../tools/find-tools.ts";
import type { Properties } from "../configuration/hadoop-files.ts";

/** One DataNode that is asked for. */
export interface DataNodePlace {
  /** A loopback address, which is its name too; 127.0.0.1 unless given. */
  readonly host?: string;
  /** Rack path such as `/r1`. */
  readonly rack?: string;
}

/** What to start. */
export interface LocalHdfsOptions {
  readonly tools: Tools;
  readonly jars: HadoopJars;
  /** Empty or missing; holds data, logs and configuration, and is removed by `stop`. */
  readonly directory: string;
  /** Two unless given. */
  readonly dataNodes?: number | readonly DataNodePlace[];
  /** As many as there are DataNodes, at most 2, unless given. */
  readonly replication?: number;
  /** 128 MiB unless given; a multiple of 512, which is also the least. */
  readonly blockBytes?: number;
  /** A second NameNode on standby, with a JournalNode between them. */
  readonly highAvailability?: boolean;
  /** An HttpFS server before it. Its jar must be among those given: `fetchJars` with the set `httpfs` has it. */
  readonly httpFs?: boolean;
  /** Servers and programs are compiled as JVMs do by themselves, for measuring. They start in half the time otherwise. */
  readonly fullCompiler?: boolean;
  /** Superuser, and owner of the root directory; who runs this process unless given. */
  readonly user?: string;
  /** More for `hdfs-site.xml`. */
  readonly properties?: Properties;
  /**
   * Kerberos guards it: its pages answer nobody without a ticket, so that the NameNode's own program is asked whether it
   * serves. Programs of Hadoop find their ticket by KRB5PRINCIPAL and KRB5KEYTAB of this process's environment, and servers
   * the realm by `-Djava.security.krb5.conf` in JAVA_TOOL_OPTIONS.
   */
  readonly guard?: KerberosGuard;
  /** The servers go on when this process ends. They end with it unless given. */
  readonly detached?: boolean;
  readonly signal?: AbortSignal;
}

/** One server. */
export interface LocalServer {
  readonly name: string;
  /** Page, `/jmx` and WebHDFS: `host:port`. */
  readonly httpAddress: string;
  readonly logPath: string;
  pid(): number;
  /** End it by SIGKILL. */
  kill(): Promise<void>;
  signal(name: "SIGSTOP" | "SIGCONT"): void;
  /** Kill it if it runs, start it again on its ports and data, and wait until it serves. */
  restart(): Promise<void>;
}

/** One DataNode. */
export interface LocalDataNode extends LocalServer {
  readonly host: string;
  readonly rack: string;
  /** Where blocks go in and out, as `names` of block locations have it. */
  readonly transferAddress: string;
}

/** How a program is run. */
export interface ProgramOptions {
  /** File that takes what it prints on stdout, whole; without it the end of that is kept for errors alone. */
  readonly stdoutPath?: string;
}

/** A running HDFS. */
export interface LocalHdfs {
  readonly version: string;
  readonly directory: string;
  /** For HADOOP_CONF_DIR. */
  readonly confDir: string;
  /** The default file system, such as `hdfs://127.0.0.1:23456`. */
  readonly uri: string;
  /** One for each NameNode, such as `http://127.0.0.1:23457`. */
  readonly webHdfs: readonly string[];
  /** Base address of the HttpFS server, if one was asked for. */
  readonly httpFs: string | undefined;
  /** Owner of the root directory, and superuser. */
  readonly user: string;
  readonly nameNodes: readonly LocalServer[];
  readonly dataNodes: readonly LocalDataNode[];
  /** Make a NameNode the active one, and the other the standby. Both must run. @param index in `nameNodes`. */
  failOver(index: number): Promise<void>;
  /**
   * Run a program of Hadoop's on this cluster to its end, with the jars that it was started with.
   * @throws {MillraceError} E_STORAGE with what it printed when it fails.
   */
  run(mainClass: string, args: readonly string[], options?: ProgramOptions): Promise<void>;
  /** Stop every server and remove the directory. */
  stop(): Promise<void>;
}
