// What a client is told at birth, and what it takes when it is told nothing. Each default carries its reason.
import type { SecureContextOptions } from "node:tls";
import { systemClock, type WebHdfsClock } from "./clock.ts";

/** Who the caller is. */
export type WebHdfsAuth =
  /** Clusters without security: `user.name` is believed. Without `user` the server takes its static user (`dr.who`). */
  | { readonly kind: "simple"; readonly user?: string; readonly doAs?: string }
  /**
   * A delegation token's URL string, as `getDelegationToken` gives it. A function is asked for one at first use, and once
   * more when the server calls the token invalid.
   */
  | { readonly kind: "token"; readonly token: string | (() => Promise<string>) }
  /** SPNEGO with the process's Kerberos credentials, by the optional package `kerberos`. */
  | {
      readonly kind: "kerberos";
      /** Service of a server; `HTTP@host` unless given. */
      readonly service?: (host: string) => string;
      readonly doAs?: string;
      /** Begins to negotiate with a service, once for each session; the package `kerberos` unless given. */
      readonly negotiate?: (service: string) => Promise<string | Negotiation>;
      /**
       * Refuse servers that give no proof of who they are. Hadoop's give one, gateways need not; a proof that is wrong is
       * always refused. false.
       */
      readonly requireServerProof?: boolean;
    };

/** One exchange of SPNEGO tokens with a server. */
export interface Negotiation {
  /** Token for the `Negotiate` header, base64. */
  readonly token: string;
  /** Check the token of the answer, base64. Rejects when the server is not who it should be. */
  readonly verify?: (answer: string) => Promise<void>;
}

/**
 * Where a host of a redirect really is: by `host:port` or `host`, to `host:port` or `host`. For clusters whose DataNodes
 * give out names that mean nothing here (containers, clouds, tunnels).
 */
export type HostMap = Readonly<Record<string, string>> | ((host: string, port: number) => string | undefined);

/** Bounds of retries; the defaults are Hadoop's own (`dfs.http.client.failover.*`, `dfs.http.client.retry.*`). */
export interface RetryBounds {
  /** Changes of NameNode in one call. 15. */
  readonly failoverCountMax: number;
  /** Repeats at the same NameNode in one call. 10. */
  readonly retryCountMax: number;
  /** Base of the exponential delay, ms. 500. */
  readonly delayMs: number;
  /** Cap of the delay before jitter, ms. 15,000. */
  readonly delayMsMax: number;
  /**
   * Tries while no NameNode of the service has ever answered this client: a wrong address should be told within seconds,
   * a restart of a known NameNode should be waited for. 3.
   */
  readonly unknownServerTryCountMax: number;
  /** Tries in a row without a byte of progress on DataNodes, for reads and for the opening of writes. 6 (about 30 s). */
  readonly dataNodeTryCountMax: number;
}

/** Made once for a cluster; everything but `nameNodes` has a default. */
export interface WebHdfsClientOptions {
  /**
   * Base addresses of the name service's NameNodes, HttpFS servers or gateways: `http://nn1:9870`, `https://nn2:9871`,
   * `https://knox:8443/gateway/default`. `/webhdfs/v1` is added. Two or more of them fail over.
   */
  readonly nameNodes: readonly string[];
  /** `{ kind: "simple" }` unless given. */
  readonly auth?: WebHdfsAuth;
  readonly hostMap?: HostMap;
  /** Bits taken from the permissions of new files (0o666) and directories (0o777), as the server has no umask. 0o022. */
  readonly umask?: number;
  readonly retry?: Partial<RetryBounds>;
  /** Until a connection stands, ms. 10,000. */
  readonly connectTimeoutMs?: number;
  /** Silence of a server while the client waits for it, ms. 60,000, Hadoop's `dfs.webhdfs.socket.read-timeout`. */
  readonly idleTimeoutMs?: number;
  /** A whole call to the name service with all its tries and delays, ms; bodies of files are not counted. 180,000. */
  readonly callTimeoutMs?: number;
  /** How long a DataNode that failed is kept out of later redirects, ms. 60,000; 0 forgets at once. */
  readonly suspectMs?: number;
  /**
   * Read blocks of DataNodes on this machine from their disks, checked against their checksums, and by OPEN whatever
   * cannot be read so. Off: it relies on the layout of data directories, and on the right to read them.
   */
  readonly localReads?: boolean;
  /** Connections to one server, beside those of uploads: each of these has one while it is written, however many. 64. */
  readonly socketCountMax?: number;
  /** Largest JSON reply, bytes. 64 MiB, a listing of about 250,000 files. */
  readonly replyBytesMax?: number;
  /** For `https:`: `ca`, `cert`, `key`, … as Node's `tls.createSecureContext` takes them. */
  readonly tls?: SecureContextOptions & { readonly rejectUnauthorized?: boolean };
  /** Follow a redirect from `https:` to `http:`. Off: file contents and tokens would travel in the clear. */
  readonly insecureRedirects?: boolean;
  /** Sent with each request to the name service or gateway, never to where it redirects. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly clock?: WebHdfsClock;
  /** Uniform in [0, 1), for the jitter of delays; `Math.random` unless given. */
  readonly random?: () => number;
}

/** Options with every default filled in. */
export interface ResolvedOptions extends Required<Omit<WebHdfsClientOptions, "hostMap" | "retry">> {
  readonly hostMap: HostMap;
  readonly retry: RetryBounds;
}

/** Fill in the defaults. */
export function resolveOptions(options: WebHdfsClientOptions): ResolvedOptions {
  return {
    nameNodes: options.nameNodes,
    auth: options.auth ?? { kind: "simple" },
    hostMap: options.hostMap ?? {},
    umask: options.umask ?? 0o022,
    retry: {
      failoverCountMax: 15,
      retryCountMax: 10,
      delayMs: 500,
      delayMsMax: 15_000,
      unknownServerTryCountMax: 3,
      dataNodeTryCountMax: 6,
      ...options.retry,
    },
    connectTimeoutMs: options.connectTimeoutMs ?? 10_000,
    idleTimeoutMs: options.idleTimeoutMs ?? 60_000,
    callTimeoutMs: options.callTimeoutMs ?? 180_000,
    suspectMs: options.suspectMs ?? 60_000,
    localReads: options.localReads ?? false,
    socketCountMax: options.socketCountMax ?? 64,
    replyBytesMax: options.replyBytesMax ?? 64 * 1024 * 1024,
    tls: options.tls ?? {},
    insecureRedirects: options.insecureRedirects ?? false,
    headers: options.headers ?? {},
    clock: options.clock ?? systemClock,
    random: options.random ?? Math.random,
  };
}
