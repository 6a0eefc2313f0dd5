// Refusals of a CREATE that cannot be read. A DataNode that refuses closes the connection at once; when bytes of the body
// are still on their way to it, its answer is lost behind the reset. So what can be known is asked of the name service:
// before a large body whether the file is there, after a reset whether the directory may be written and has room.
import { isWebHdfsError, WebHdfsError } from "../errors/web-hdfs-error.ts";
import { nextStep } from "../errors/next-step.ts";
import type { ClientContext } from "./client-context.ts";
import type { UploadCall } from "./open-upload.ts";
import { findFullQuota } from "./full-quota.ts";
import { askStatus } from "./read-range.ts";
import type { HdfsFileStatus } from "../model/file-status.ts";
import { parentOf } from "./parent-path.ts";
import { askForDone } from "./read-reply.ts";

/** A body of up to this goes out in one piece; then nothing is being sent when the refusal comes, and it is read. */
const onePieceBytes = 64 * 1024;

async function maybeThere(context: ClientContext, call: UploadCall): Promise<HdfsFileStatus | undefined> {
  try {
    return await askStatus(context, call.path, call.signal);
  } catch (error) {
    if (isWebHdfsError(error, { exception: "FileNotFoundException" })) return undefined;
    throw error;
  }
}

/**
 * Refuse a large CREATE without overwriting of a file that is there, as its DataNode would.
 * @throws {WebHdfsError} with `FileAlreadyExistsException`
 */
export async function refuseExisting(context: ClientContext, call: UploadCall): Promise<void> {
  const { operation, path, query, bytes = Number.POSITIVE_INFINITY } = call;
  if (operation !== "CREATE" || query["overwrite"] !== false || bytes <= onePieceBytes) return;
  if ((await maybeThere(context, call)) === undefined) return;
  const exception = "FileAlreadyExistsException";
  throw new WebHdfsError({
    kind: "remote",
    operation,
    path,
    reason: `${exception}: there is a file of the name`,
    advice: nextStep(exception),
    exception,
    javaClassName: `org.apache.hadoop.fs.${exception}`,
    remoteMessage: `${path} already exists`,
    status: 403,
    server: context.nameService.current().label,
    outcome: "not-done",
  });
}

/** After a reset: the refusal that explains it. @returns undefined if none is found */
export async function findRefusal(context: ClientContext, call: UploadCall): Promise<WebHdfsError | undefined> {
  const { operation, path, signal } = call;
  if (operation !== "CREATE" || signal?.aborted === true) return undefined;
  try {
    const there = await maybeThere(context, call);
    if (there === undefined) {
      const parent = parentOf(path);
      await askForDone(context, { operation: "CHECKACCESS", path: parent, query: { fsaction: "-wx" }, signal });
    }
    return await findFullQuota(context, call, there);
  } catch (error) {
    return isWebHdfsError(error, { exception: "AccessControlException" }) ? error : undefined;
  }
}
