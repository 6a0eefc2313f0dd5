// Whole bodies: one that is in memory can be sent again after an answer that says "not now"; a stream cannot.
import type { Body } from "../operations/operation-groups.ts";
import { WebHdfsError } from "../errors/web-hdfs-error.ts";
import { sleep } from "../clock.ts";
import { failureKindOf } from "../errors/remote-exception.ts";
import { retryDelayMs } from "../retry/failover-policy.ts";
import type { ClientContext } from "./client-context.ts";
import { FileWriter, type WriteProof } from "./file-writer.ts";
import { refuseExisting } from "./lost-refusal.ts";
import { openUpload, type UploadCall } from "./open-upload.ts";

/** Bytes of a body that is in memory; undefined for a stream. */
export function bytesInMemory(body: Body): Uint8Array | undefined {
  if (typeof body === "string") return Buffer.from(body, "utf8");
  return body instanceof Uint8Array ? body : undefined;
}

/** Open a writer. */
export async function openWriter(context: ClientContext, call: UploadCall, proof: WriteProof): Promise<FileWriter> {
  await refuseExisting(context, call);
  return new FileWriter(context, call, await openUpload(context, call), proof);
}

/**
 * Send a whole body.
 * @returns its bytes
 */
export async function writeBody(
  context: ClientContext,
  call: UploadCall,
  body: Body,
  proof: WriteProof,
): Promise<number> {
  const whole = bytesInMemory(body);
  if (whole === undefined) return await sendStream(context, call, body as Exclude<Body, string | Uint8Array>, proof);
  const announced = { ...call, bytes: call.bytes ?? whole.length };
  for (let times = 0; ; times += 1) {
    try {
      return await sendWhole(context, announced, whole, proof);
    } catch (error) {
      // An APPEND may have added some bytes before it was refused; a CREATE that did so is refused as existing.
      if (call.operation !== "CREATE" || !isNotNow(error) || times >= context.options.retry.retryCountMax) throw error;
      const { clock, random, retry } = context.options;
      await sleep(clock, retryDelayMs(times, random(), retry), call.signal);
    }
  }
}

/** A DataNode's name service refused it for now; the DataNode has answered, so nothing of this try is still under way. */
function isNotNow(error: unknown): boolean {
  if (!(error instanceof WebHdfsError) || error.kind !== "remote") return false;
  const { exception = "", javaClassName = "", remoteMessage = "" } = error;
  return failureKindOf({ exception, javaClassName, message: remoteMessage }) !== "final";
}

async function sendWhole(
  context: ClientContext,
  call: UploadCall,
  bytes: Uint8Array,
  proof: WriteProof,
): Promise<number> {
  const writer = await openWriter(context, call, proof);
  await writer.write(bytes);
  return await writer.close();
}

async function sendStream(
  context: ClientContext,
  call: UploadCall,
  body: Exclude<Body, string | Uint8Array>,
  proof: WriteProof,
): Promise<number> {
  const writer = await openWriter(context, call, proof);
  try {
    for await (const chunk of body) await writer.write(chunk);
    return await writer.close();
  } finally {
    writer.abort();
  }
}
