// RENAME with options, at servers that heed them. HttpFS (seen: 3.4.2) ignores them without a word: a rename that should
// refuse an existing directory moves the source into it. So before the first such rename it is found out, by a rename
// that can change nothing.
import { isWebHdfsError, WebHdfsError } from "../errors/web-hdfs-error.ts";
import type { NameNodeCall } from "./ask-name-node.ts";
import type { ClientContext } from "./client-context.ts";
import { askForAnything, askForDone } from "./read-reply.ts";

/** A name that nobody has; and if somebody has it, a rename onto itself does nothing. */
const probeName = ".hdfs-webhdfs-client-rename-probe";

/** @throws {WebHdfsError} `protocol` when the server ignores the options, before anything is renamed */
export async function renameWithOptions(context: ClientContext, call: NameNodeCall): Promise<void> {
  context.renameOptionsHeeded ??= await areHeeded(context, call);
  if (context.renameOptionsHeeded === false) throw ignored(context, call);
  await askForDone(context, call);
}

function ignored(context: ClientContext, call: NameNodeCall): WebHdfsError {
  const server = context.nameService.current().label;
  return new WebHdfsError({
    kind: "protocol",
    operation: call.operation,
    path: call.path,
    reason: `${server} ignores the options of RENAME, as HttpFS does, and could move the source into a directory`,
    advice: "use the address of a NameNode, or rename without options",
    server,
    outcome: "not-done",
  });
}

/** With options a NameNode answers with an exception or an empty body, without them with true or false. */
async function areHeeded(context: ClientContext, call: NameNodeCall): Promise<boolean | undefined> {
  const path = `${call.path.slice(0, call.path.lastIndexOf("/"))}/${probeName}`;
  const query = { destination: path, renameoptions: "NONE" };
  try {
    const answer = await askForAnything(context, { ...call, path, query });
    return !answer.includes("boolean");
  } catch (error) {
    if (isWebHdfsError(error, { exception: "FileNotFoundException" })) return true;
    if (isWebHdfsError(error, { exception: "FileAlreadyExistsException" })) return true;
    // No right to the directory, say: the rename itself will tell.
    if (isWebHdfsError(error, { kind: "remote" })) return undefined;
    throw error;
  }
}
