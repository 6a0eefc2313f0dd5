// Trying DataNodes one after the other, with the one that failed kept out, until one does or the bound is reached.
import { sleep } from "../clock.ts";
import { retryDelayMs } from "../retry/failover-policy.ts";
import type { ClientContext } from "./client-context.ts";
import { type KnownBlocks, suspectDataNode } from "./exclude-data-nodes.ts";
import type { WebHdfsError } from "../errors/web-hdfs-error.ts";
import { DataNodeFailure } from "./open-download.ts";

/** Failures in a row of one call at DataNodes. */
export class DataNodeRetries {
  readonly #context: ClientContext;
  readonly #signal: AbortSignal | undefined;
  #failures = 0;
  #lastOfNode: WebHdfsError | undefined;

  constructor(context: ClientContext, signal: AbortSignal | undefined) {
    this.#context = context;
    this.#signal = signal;
  }

  /** A byte came: what failed before counts no more. */
  progress(): void {
    this.#failures = 0;
  }

  /**
   * Wait before the next try.
   * @throws the error itself if it is no DataNode's, or the bound is reached
   */
  async afterFailure(error: unknown, blocks: KnownBlocks | undefined): Promise<void> {
    const { options } = this.#context;
    this.#signal?.throwIfAborted();
    if (!(error instanceof DataNodeFailure)) throw error;
    this.#failures += 1;
    if (error.target !== undefined) this.#lastOfNode = error.error;
    // That no DataNode was left besides the suspects tells less than what made them suspect.
    const told = error.forgiven ? (this.#lastOfNode ?? error.error) : error.error;
    if (this.#failures >= options.retry.dataNodeTryCountMax) throw told;
    if (error.target !== undefined) await suspectDataNode(this.#context, error.target, blocks, this.#signal);
    // The first repeat is at once where another DataNode may have the block; with none known only time helps.
    const times = error.target === undefined ? this.#failures : this.#failures - 1;
    await sleep(options.clock, retryDelayMs(times, options.random(), options.retry), this.#signal);
  }
}
