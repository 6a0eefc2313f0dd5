// Operations that older servers do not know.
import { isUnknownOperation } from "../errors/remote-exception.ts";
import { WebHdfsError } from "../errors/web-hdfs-error.ts";
import type { OperationName } from "../operations/operation-table.ts";
import type { ClientContext } from "./client-context.ts";

/** Call what a server may not know; what it lacks is remembered. @returns undefined if it does not know it */
export async function ifKnown<T>(
  context: ClientContext,
  operation: OperationName,
  ask: () => Promise<T>,
): Promise<T | undefined> {
  if (context.unknownOperations.has(operation)) return undefined;
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof WebHdfsError) || !saysUnknown(error, operation)) throw error;
    context.unknownOperations.add(operation);
    return undefined;
  }
}

/** HttpFS up to 3.3 has the name of some operations, and answers 400 with nothing else. */
function saysUnknown(error: WebHdfsError, operation: OperationName): boolean {
  const { exception, javaClassName = "", remoteMessage = "" } = error;
  if (exception === undefined) return error.kind === "protocol" && error.status === 400;
  return isUnknownOperation({ exception, javaClassName, message: remoteMessage }, operation);
}
