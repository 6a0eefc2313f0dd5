// The quota that leaves no room for a file, looked for after a write whose refusal was lost: directory by directory, from
// the file's own upwards, as the name service counts them.
import { isWebHdfsError, WebHdfsError } from "../errors/web-hdfs-error.ts";
import { nextStep } from "../errors/next-step.ts";
import { quote } from "../errors/quote.ts";
import type { HdfsFileStatus } from "../model/file-status.ts";
import { type HdfsQuotaUsage, readQuotaUsage } from "../model/usage.ts";
import type { ClientContext } from "./client-context.ts";
import { ifKnown } from "./if-known.ts";
import type { UploadCall } from "./open-upload.ts";
import { parentOf } from "./parent-path.ts";
import { askForReply } from "./read-reply.ts";

/**
 * Names below a directory without a quota, from which on nobody looks further up: the name service counts them one by one
 * to answer, and above there may be a thousand times as many. A job's output and its user's directory mostly have fewer.
 */
const countedNamesMax = 100_000;

/**
 * Find a quota that has no room for the next block of a file, or for its name.
 *
 * @param there - what is left of the file; a write over the space quota leaves the blocks before.
 * @returns undefined if there is none, and where the server does not tell
 */
export async function findFullQuota(
  context: ClientContext,
  call: UploadCall,
  there: HdfsFileStatus | undefined,
): Promise<WebHdfsError | undefined> {
  let directory = call.path;
  do {
    directory = parentOf(directory);
    const usage = await askUsage(context, directory, call.signal);
    if (usage === undefined) return undefined;
    const why = fullness(usage, there);
    if (why !== undefined) return refusalOf(context, call, { directory, ...why });
    const isCounted = usage.nameQuota < 0 && usage.spaceQuota < 0;
    if (isCounted && usage.fileAndDirectoryCount > countedNamesMax) return undefined;
  } while (directory !== "/");
  return undefined;
}

/** @returns undefined where it is not told to this user, or by this server. */
async function askUsage(
  context: ClientContext,
  path: string,
  signal: AbortSignal | undefined,
): Promise<HdfsQuotaUsage | undefined> {
  try {
    const operation = "GETQUOTAUSAGE";
    return await ifKnown(context, operation, () => askForReply(context, { operation, path, signal }, readQuotaUsage));
  } catch (error) {
    if (isWebHdfsError(error)) return undefined;
    throw error;
  }
}

interface Fullness {
  readonly exception: "NSQuotaExceededException" | "DSQuotaExceededException";
  readonly text: string;
}

function fullness(usage: HdfsQuotaUsage, there: HdfsFileStatus | undefined): Fullness | undefined {
  const { nameQuota, spaceQuota, fileAndDirectoryCount, spaceConsumed } = usage;
  if (there === undefined) {
    if (nameQuota < 0 || fileAndDirectoryCount < nameQuota) return undefined;
    const text = `name quota is ${nameQuota}, and ${fileAndDirectoryCount} names are used`;
    return { exception: "NSQuotaExceededException", text };
  }
  // A whole block is charged when it is begun.
  const blockSpace = there.blockBytes * there.replication;
  if (spaceQuota < 0 || spaceConsumed + blockSpace <= spaceQuota) return undefined;
  const text = `space quota is ${spaceQuota} bytes, ${spaceConsumed} are used, and a block needs ${blockSpace}`;
  return { exception: "DSQuotaExceededException", text };
}

function refusalOf(
  context: ClientContext,
  { operation, path }: UploadCall,
  { directory, exception, text }: Fullness & { readonly directory: string },
): WebHdfsError {
  return new WebHdfsError({
    kind: "remote",
    operation,
    path,
    reason: `${exception}: of ${quote(directory)} the ${text}`,
    advice: nextStep(exception),
    exception,
    javaClassName: `org.apache.hadoop.hdfs.protocol.${exception}`,
    remoteMessage: `of ${directory} the ${text}`,
    status: 403,
    server: context.nameService.current().label,
    outcome: "not-done",
  });
}
