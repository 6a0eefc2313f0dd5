// How far one call to the name service has come: what failed where, and what is done next. The rule is `decideRetry`.
import type { ServerAddress } from "../address/server-address.ts";
import { sleep } from "../clock.ts";
import { isInvalidToken } from "../errors/remote-exception.ts";
import { WebHdfsError } from "../errors/web-hdfs-error.ts";
import { ExchangeFailure } from "../http/exchange-failure.ts";
import { operations, type OperationSpec } from "../operations/operation-table.ts";
import { decideRetry } from "../retry/failover-policy.ts";
import type { CallSubject, FailedTry } from "./call-failure.ts";
import type { ClientContext } from "./client-context.ts";

/** Tries of one call so far. */
export class CallProgress {
  readonly #context: ClientContext;
  readonly #call: CallSubject;
  readonly #spec: OperationSpec;
  readonly #last = new Map<ServerAddress, WebHdfsError>();
  #failovers = 0;
  #retries = 0;
  #renewed = false;
  #staleRetries = 0;

  constructor(context: ClientContext, call: CallSubject) {
    this.#context = context;
    this.#call = call;
    this.#spec = operations[call.operation];
  }

  /** Wait as long as the next try wants. @throws the error of the call if there is no next try */
  async afterFailure(failed: FailedTry, server: ServerAddress, signal: AbortSignal): Promise<void> {
    const { nameService, authenticator, options } = this.#context;
    const { kind, error, remote } = failed.failure;
    this.#last.set(server, error);
    if (remote !== undefined && isInvalidToken(remote) && !this.#renewed && authenticator.renew()) {
      this.#renewed = true;
      return;
    }
    // A kept connection that the server was just closing says nothing about the server; at most as many as the pool keeps.
    const stale = error.cause instanceof ExchangeFailure && error.cause.reused && error.cause.code !== "TIMEOUT";
    if (stale && this.#spec.idempotent && this.#staleRetries < 8) {
      this.#staleRetries += 1;
      return;
    }
    const step = decideRetry(
      {
        failure: kind,
        counts: { failovers: this.#failovers, retries: this.#retries },
        idempotent: this.#spec.idempotent,
        serverCount: nameService.servers.length,
        random: options.random(),
        known: nameService.known,
      },
      options.retry,
    );
    if (step.kind === "fail") throw this.#final(kind === "final" || kind === "lost" ? error : undefined);
    await sleep(options.clock, step.delayMs, signal);
    if (step.kind === "failover") {
      this.#failovers += 1;
      nameService.failover(server);
    } else {
      this.#retries += 1;
    }
  }

  /** The call's time is up. */
  outOfTime(): WebHdfsError {
    const ms = this.#context.options.callTimeoutMs;
    return this.#sum("timeout", `no answer of the name service within ${ms} ms${this.#list()}`);
  }

  #final(error: WebHdfsError | undefined): WebHdfsError {
    if (error !== undefined) return error;
    const [only] = this.#last.values();
    if (this.#last.size === 1 && only !== undefined) return only;
    return this.#sum("unreachable", `no NameNode of the name service is active${this.#list()}`);
  }

  #sum(kind: "timeout" | "unreachable", reason: string): WebHdfsError {
    const errors = [...this.#last.values()];
    const last = errors.at(-1);
    return new WebHdfsError({
      kind,
      operation: this.#call.operation,
      path: this.#call.path,
      reason,
      advice: this.#advice(errors),
      exception: last?.exception,
      javaClassName: last?.javaClassName,
      remoteMessage: last?.remoteMessage,
      status: last?.status,
      server: last?.server,
      outcome: kind === "timeout" || errors.some((error) => error.outcome === "unknown") ? "unknown" : "not-done",
      cause: last,
    });
  }

  /** Where nobody answers, no NameNode can be made active: the addresses are wrong, or none runs. */
  #advice(errors: readonly WebHdfsError[]): string {
    const unreached = ({ cause }: WebHdfsError): boolean =>
      cause instanceof ExchangeFailure && cause.phase === "connect" && /^(?:ECONNREFUSED|ENOTFOUND)$/u.test(cause.code);
    return errors.length > 0 && errors.every(unreached)
      ? "check host and port (9870, with https 9871), and that a NameNode runs"
      : 'make one NameNode active ("hdfs haadmin -getAllServiceState" tells where all stand), and check the addresses';
  }

  #list(): string {
    const texts = [...this.#last].map(([server, error]) => {
      const what = error.cause instanceof ExchangeFailure ? error.cause.code : (error.exception ?? error.kind);
      return `${server.label} ${what}`;
    });
    return texts.length === 0 ? "" : ` (${texts.join(", ")})`;
  }
}
