// Hadoop's exceptions as they travel: `{"RemoteException":{"exception","javaClassName","message"}}`. Their class decides;
// the HTTP status does not (403 is any IOException).
import type { FailureKind } from "../retry/failover-policy.ts";

/** An exception of the server. */
export interface RemoteException {
  /** Simple class name, such as `FileNotFoundException`. */
  readonly exception: string;
  readonly javaClassName: string;
  readonly message: string;
}

/** Read the body of an answer that is no success. @returns undefined if it holds no exception (HTML, nothing). */
export function parseRemoteException(body: string): RemoteException | undefined {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return undefined;
  }
  const found = (json as { readonly RemoteException?: Partial<Record<keyof RemoteException, unknown>> } | null)
    ?.RemoteException;
  if (typeof found?.exception !== "string") return undefined;
  return {
    exception: found.exception,
    javaClassName: typeof found.javaClassName === "string" ? found.javaClassName : found.exception,
    message: typeof found.message === "string" ? found.message : "",
  };
}

/** Whether an exception is the class named, or carries it inside (HDFS-6475: in SecurityException, InvalidToken). */
function isOrHolds(remote: RemoteException, name: string): boolean {
  return remote.exception === name || remote.message.includes(`org.apache.hadoop.ipc.${name}`);
}

/** What an exception says about the server that threw it. */
export function failureKindOf(remote: RemoteException): FailureKind {
  if (isOrHolds(remote, "StandbyException") || /is not supported in state (?:standby|observer)/u.test(remote.message)) {
    return "not-active";
  }
  // An observer that lags too far behind.
  if (isOrHolds(remote, "ObserverRetryOnActiveException")) return "not-active";
  // A server that is starting says the first, later the second; one that is told to stay in safe mode only the second.
  // Routers have classes of their own (RouterSafeModeException), also for a name service of theirs that is away.
  if (isOrHolds(remote, "RetriableException") || remote.exception.endsWith("SafeModeException")) return "not-ready";
  if (isOrHolds(remote, "NoNamenodesAvailableException")) return "not-ready";
  return "final";
}

/** Whether a delegation token was refused: cancelled, expired, or of another cluster. */
export function isInvalidToken(remote: RemoteException): boolean {
  return remote.exception === "InvalidToken" || /SecretManager\$InvalidToken/u.test(remote.message);
}

/** Whether a DataNode could not get at a block, or the name service knows of no DataNode with it; both may pass. */
export function isBlockMissing(remote: RemoteException): boolean {
  return (
    /^(?:BlockMissing|CannotObtainBlockLength|ReplicaNotFound)Exception$/u.test(remote.exception) ||
    /Could not obtain block|No active nodes contain this block|Failed to find datanode/u.test(remote.message)
  );
}

/**
 * Whether a server does not know the operation: an older version, or HttpFS. Three wordings were seen: "No enum constant
 * ….Op.GETSTATUS" (3.4), "GETSTATUS is not a valid GET operation." (3.3), and HttpFS's QueryParamException around the first.
 */
export function isUnknownOperation(remote: RemoteException, operation: string): boolean {
  return new RegExp(`No enum constant \\S*\\.${operation}$|${operation} is not a valid `, "u").test(remote.message);
}
