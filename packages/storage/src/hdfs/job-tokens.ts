// Delegation tokens of jobs on secure clusters: got by this process's Kerberos credentials, handed to the job's tasks,
// renewed while the job lives, cancelled when it is over. They are in memory alone. What is due when is token-life.ts's.

import { globBase } from "@millrace/core";
import type { Clock, Timer } from "@millrace/ports";
import type { WebHdfsClient } from "hdfs-webhdfs-client";
import type { JobTokens, JobTokensOptions } from "../job-tokens.ts";
import type { HdfsClusters } from "./hdfs-clusters.ts";
import { parseHdfsUri } from "./hdfs-uris.ts";
import type { HdfsName } from "./hdfs-uris.ts";
import { nextTokenStep, renewalFailed, renewed } from "./token-life.ts";
import type { TokenLife } from "./token-life.ts";

/** What it works with. */
export interface HdfsJobTokensParts extends Pick<JobTokensOptions, "note"> {
  readonly clock: Clock;
  readonly clusters: HdfsClusters;
}

interface HeldToken {
  readonly client: WebHdfsClient;
  readonly cluster: string;
  readonly token: string;
  life: TokenLife;
  timer: Timer | undefined;
}

/** setTimeout counts in 32 bits; a later look decides anew. */
const timerMsMax = 2 ** 30;

/** What a URI or a pattern names; nothing for one that is none of HDFS: who uses it tells. */
function maybeName(uri: string): readonly HdfsName[] {
  try {
    return [parseHdfsUri(globBase(uri))];
  } catch {
    return [];
  }
}

/** Tokens of all live jobs. */
export class HdfsJobTokens implements JobTokens {
  readonly #parts: HdfsJobTokensParts;
  /** By job, then by the cluster as its URIs name it. */
  readonly #jobs = new Map<string, Map<string, Promise<HeldToken | undefined>>>();
  readonly #held = new Map<string, Map<string, HeldToken>>();
  #closed = false;

  constructor(parts: HdfsJobTokensParts) {
    this.#parts = parts;
  }

  async obtain(job: string, uris: readonly string[]): Promise<void> {
    if (this.#closed) return;
    const asked = this.#jobs.get(job) ?? new Map<string, Promise<HeldToken | undefined>>();
    this.#jobs.set(job, asked);
    const names = uris.flatMap(maybeName);
    const due = [...new Map(names.map((name) => [name.cluster, name])).values()];
    await Promise.all(
      due.map(async (name) => {
        const asking = asked.get(name.cluster) ?? this.#get(job, name);
        asked.set(name.cluster, asking);
        // One that could not be had is asked for again with the next step.
        if ((await asking) === undefined) asked.delete(name.cluster);
      }),
    );
  }

  tokensOf(job: string): Readonly<Record<string, string>> | undefined {
    const held = this.#held.get(job);
    if (held === undefined || held.size === 0) return undefined;
    return Object.fromEntries([...held].map(([cluster, { token }]) => [cluster, token]));
  }

  release(job: string): void {
    const asked = this.#jobs.get(job);
    this.#jobs.delete(job);
    this.#held.delete(job);
    for (const asking of asked?.values() ?? []) void asking.then((held) => this.#cancel(job, held));
  }

  close(): void {
    this.#closed = true;
    for (const held of this.#held.values()) for (const each of held.values()) each.timer?.cancel();
  }

  async #get(job: string, name: ReturnType<typeof parseHdfsUri>): Promise<HeldToken | undefined> {
    const { clock, clusters } = this.#parts;
    const { cluster } = name;
    try {
      const { client, guarded } = clusters.find(name);
      if (!guarded) return undefined;
      const token = await client.getDelegationToken();
      if (token === undefined) return undefined;
      // Only a renewal tells when a token ends.
      const endsMs = await client.renewDelegationToken(token);
      const life: TokenLife = { renewedMs: clock.wallMs(), endsMs, failureCount: 0, last: false };
      const held: HeldToken = { client, cluster, token, life, timer: undefined };
      if (this.#jobs.has(job)) {
        this.#heldBy(job).set(cluster, held);
        this.#plan(job, held);
      }
      return held;
    } catch (thrown) {
      this.#note(job, cluster, "no delegation token could be had", thrown);
      return undefined;
    }
  }

  #heldBy(job: string): Map<string, HeldToken> {
    const held = this.#held.get(job) ?? new Map<string, HeldToken>();
    this.#held.set(job, held);
    return held;
  }

  #plan(job: string, held: HeldToken): void {
    if (this.#closed) return;
    const { clock } = this.#parts;
    const step = nextTokenStep(held.life);
    if (step.kind === "ends") return;
    const waitMs = Math.min(Math.max(0, step.atMs - clock.wallMs()), timerMsMax);
    held.timer = clock.callAt(clock.monotonicMs() + waitMs, () => {
      if (clock.wallMs() < step.atMs) this.#plan(job, held);
      else void this.#renew(job, held);
    });
  }

  async #renew(job: string, held: HeldToken): Promise<void> {
    try {
      const endsMs = await held.client.renewDelegationToken(held.token);
      held.life = renewed(held.life, this.#parts.clock.wallMs(), endsMs);
      if (held.life.last)
        this.#note(job, held.cluster, `the delegation token ends at ${new Date(endsMs).toISOString()}`);
    } catch (thrown) {
      held.life = renewalFailed(held.life);
      this.#note(job, held.cluster, "the delegation token could not be renewed", thrown);
    }
    if (this.#held.get(job)?.get(held.cluster) === held) this.#plan(job, held);
  }

  async #cancel(job: string, held: HeldToken | undefined): Promise<void> {
    if (held === undefined) return;
    held.timer?.cancel();
    try {
      await held.client.cancelDelegationToken(held.token);
    } catch (thrown) {
      // It ends by itself.
      this.#note(job, held.cluster, "the delegation token could not be cancelled", thrown);
    }
  }

  /** Errors of the client have no query in their text, and so no token. */
  #note(job: string, cluster: string, what: string, thrown?: unknown): void {
    this.#parts.note({ job, cluster, what, reason: thrown instanceof Error ? thrown.message : undefined });
  }
}
