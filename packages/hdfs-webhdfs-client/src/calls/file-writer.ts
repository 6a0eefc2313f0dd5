// The body of a two-step write, and the proof at its end: the server's confirmation, and the file's length in the name
// service. A file that was cut short is closed by the DataNode like a whole one, so nothing less proves it.
import { hostAndPort } from "../address/server-address.ts";
import { WebHdfsError } from "../errors/web-hdfs-error.ts";
import type { Exchange } from "../http/exchange.ts";
import { ExchangeFailure } from "../http/exchange-failure.ts";
import { bodyText } from "../http/read-body.ts";
import type { ServedBytes, WebHdfsWriter } from "../operations/operation-groups.ts";
import { refusal } from "./ask-name-node.ts";
import { FailedTry } from "./call-failure.ts";
import type { ClientContext } from "./client-context.ts";
import { describeFailure } from "./describe-failure.ts";
import { findRefusal } from "./lost-refusal.ts";
import type { Upload, UploadCall } from "./open-upload.ts";
import { askStatus } from "./read-range.ts";

/** How a write is proven. */
export interface WriteProof {
  /** Compare lengths at the end. */
  readonly verify: boolean;
  /** The file's length before an append; 0 for a new file. */
  readonly bytesBefore: number;
  readonly onServed?: ((served: ServedBytes) => void) | undefined;
}

/** Answers to writes are short. */
const replyBytesMax = 256 * 1024;

/** Without overwriting, what lies there may as well be a good file of somebody else, which was the reason. */
const lookFirst = "look what is there: a file from before, or a short one of this try; write again under a new name";

const shortFile = "what is there now may be short though it looks complete; delete it and write again under a new name";

/** Write a body to a connected DataNode. */
export class FileWriter implements WebHdfsWriter {
  readonly #context: ClientContext;
  readonly #call: UploadCall;
  readonly #upload: Upload;
  readonly #proof: WriteProof;
  #bytes = 0;
  #failure: unknown;
  #state: "open" | "writing" | "closing" | "ended" = "open";

  constructor(context: ClientContext, call: UploadCall, upload: Upload, proof: WriteProof) {
    this.#context = context;
    this.#call = call;
    this.#upload = upload;
    this.#proof = proof;
  }

  get bytes(): number {
    return this.#bytes;
  }

  async write(bytes: Uint8Array): Promise<void> {
    this.#checkOpen("write");
    const announced = this.#call.bytes;
    if (announced !== undefined && this.#bytes + bytes.length > announced) {
      throw this.#giveUp(this.#mismatch(`${this.#bytes + bytes.length} or more`, announced));
    }
    this.#state = "writing";
    try {
      await this.#exchange.write(bytes);
      if (this.#failure !== undefined) throw this.#failure;
      this.#state = "open";
      this.#bytes += bytes.length;
      if (this.#exchange.early !== undefined) await this.#readAnswer();
    } catch (error) {
      throw await this.#giveUpAfterDrop(error);
    }
  }

  async close(): Promise<number> {
    this.#checkOpen("close");
    const announced = this.#call.bytes;
    if (announced !== undefined && this.#bytes < announced) {
      throw this.#giveUp(this.#mismatch(String(this.#bytes), announced));
    }
    this.#state = "closing";
    try {
      await this.#readAnswer();
      this.#state = "ended";
      const { host, port } = this.#upload.target;
      this.#proof.onServed?.({ host, port, bytes: this.#bytes, local: false });
      if (this.#proof.verify) await this.#verify();
      return this.#bytes;
    } catch (error) {
      throw await this.#giveUpAfterDrop(error);
    }
  }

  abort(): void {
    if (this.#state === "ended") return;
    this.#state = "ended";
    this.#failure ??= this.#error("invalid", "the write was given up", shortFile);
    this.#exchange.destroy();
  }

  get #exchange(): Exchange {
    return this.#upload.exchange;
  }

  /** Wait for the answer. An early one is a refusal, even if it says success: not all has been sent. */
  async #readAnswer(): Promise<void> {
    const early = this.#exchange.early !== undefined && this.#state === "open";
    const response = await this.#exchange.finish();
    const status = response.statusCode ?? 0;
    const text = (await bodyText(this.#exchange, response, replyBytesMax)) ?? "";
    if (!early && status >= 200 && status < 300) return;
    const server = hostAndPort(this.#upload.target);
    throw refusal(this.#call, { status, server, text });
  }

  async #verify(): Promise<void> {
    const { path, signal } = this.#call;
    const status = await askStatus(this.#context, path, signal);
    const expected = this.#proof.bytesBefore + this.#bytes;
    if (status.bytes === expected) return;
    const reason = `the file has ${status.bytes} bytes, not the ${expected} that were written`;
    throw this.#error("incomplete", reason, "another writer may have the same path; use a path of your own");
  }

  async #giveUpAfterDrop(error: unknown): Promise<unknown> {
    const dropped = error instanceof ExchangeFailure && /^(?:EPIPE|ECONNRESET)$/u.test(error.code);
    const failure = this.#giveUp(error);
    if (!dropped || !(failure instanceof WebHdfsError)) return failure;
    this.#failure = (await findRefusal(this.#context, this.#call)) ?? failure;
    return this.#failure;
  }

  /** Remember the failure, drop the connection, and make the error that people get. */
  #giveUp(error: unknown): unknown {
    const { signal } = this.#call;
    this.#failure ??= signal?.aborted === true ? signal.reason : this.#translate(error);
    this.#state = "ended";
    this.#exchange.destroy();
    return this.#failure;
  }

  #translate(error: unknown): unknown {
    if (error instanceof ExchangeFailure) {
      const kind = error.code === "TIMEOUT" ? "timeout" : "incomplete";
      const reason = `DataNode ${hostAndPort(this.#upload.target)} after ${this.#bytes} bytes: ${describeFailure(error)}`;
      const advice = this.#call.query["overwrite"] === false ? lookFirst : shortFile;
      return this.#error(kind, reason, advice, error);
    }
    if (error instanceof FailedTry) return error.failure.error;
    return error;
  }

  #mismatch(sent: string, announced: number): WebHdfsError {
    return this.#error("incomplete", `the body has ${sent} bytes, but ${announced} were announced`, shortFile);
  }

  #checkOpen(what: string): void {
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#state === "open") return;
    if (this.#state === "writing") throw this.#error("invalid", `${what} during a write`, "await each write");
    throw this.#error("invalid", `${what} after the end of the write`, "open a new writer");
  }

  #error(kind: "invalid" | "incomplete" | "timeout", reason: string, advice: string, cause?: unknown): WebHdfsError {
    const { operation, path } = this.#call;
    return new WebHdfsError({
      kind,
      operation,
      path,
      reason,
      advice,
      server: hostAndPort(this.#upload.target),
      outcome: "unknown",
      cause,
    });
  }
}
