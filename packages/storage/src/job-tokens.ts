// What tasks of a job use to reach a secure storage in place of the coordinator's own credentials.

import type { Clock } from "@millrace/ports";
import { createSystemClock } from "@millrace/ports";

type Environment = Readonly<Record<string, string | undefined>>;

/** Tokens of live jobs. Secret: they go to workers with the brief, and into no journal, log or page. */
export interface JobTokens {
  /** Get what a job needs for these URIs; asked again for what is there is nothing. Never rejects: it is noted. */
  obtain(job: string, uris: readonly string[]): Promise<void>;
  /** What tasks of a job get, by the cluster as its URIs name it; undefined when there is nothing. */
  tokensOf(job: string): Readonly<Record<string, string>> | undefined;
  /** The job is over: its tokens are cancelled. */
  release(job: string): void;
  /** Renew no more. Tokens stay good for a while: jobs go on under another coordinator, which gets its own. */
  close(): void;
}

/** Something about a token that a person should know; never the token. */
export interface TokenNote {
  readonly job: string;
  readonly cluster: string;
  readonly what: string;
  readonly reason: string | undefined;
}

/** How to get tokens. */
export interface JobTokensOptions {
  readonly environment: Environment;
  readonly note: (note: TokenNote) => void;
  readonly clock?: Clock;
}

/** Make it. HDFS is loaded with the first URI that needs it. */
export function createJobTokens(options: JobTokensOptions): JobTokens {
  let loading: Promise<JobTokens> | undefined;
  let loaded: JobTokens | undefined;
  const load = async (): Promise<JobTokens> => {
    const [{ HdfsJobTokens }, { createHdfsClusters }] = await Promise.all([
      import("./hdfs/job-tokens.ts"),
      import("./hdfs/hdfs-clusters.ts"),
    ]);
    const { environment, note, clock = createSystemClock() } = options;
    return (loaded = new HdfsJobTokens({ clock, note, clusters: createHdfsClusters({ environment }) }));
  };
  return {
    obtain: async (job, uris) => {
      if (!uris.some((uri) => /^(?:hdfs|s?webhdfs):/u.test(uri))) return;
      await (await (loading ??= load())).obtain(job, uris);
    },
    tokensOf: (job) => loaded?.tokensOf(job),
    release: (job) => loaded?.release(job),
    close: () => loaded?.close(),
  };
}
