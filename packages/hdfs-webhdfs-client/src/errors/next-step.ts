// What a person can do about an exception of the server.

const steps: Readonly<Record<string, string>> = {
  FileNotFoundException: "check the path, and that no other program removed it",
  FileAlreadyExistsException: "choose another name, or overwrite it where that is meant",
  ParentNotDirectoryException: "a part of the path is a file; choose another path",
  PathIsNotEmptyDirectoryException: "delete it recursively if all below it may go",
  AccessControlException: "ask the owner of the path for the permission, or work as another user",
  AlreadyBeingCreatedException: "another writer holds the file; end it, or write under a name of your own",
  RecoveryInProgressException: "the file is being recovered after a writer died; try again in a minute",
  NSQuotaExceededException: "remove files below the directory or raise its name quota",
  DSQuotaExceededException:
    "remove data below the directory or raise its space quota; remove the short file of this try",
  SnapshotException: "check that snapshots are allowed for the directory and that the snapshot exists",
  SnapshotAccessControlException: "snapshots are read-only; write outside of .snapshot",
  SafeModeException: 'wait until the NameNode has left safe mode, or end it with "hdfs dfsadmin -safemode leave"',
  StandbyException: "give the addresses of all NameNodes of the name service",
  RetriableException: "the NameNode is not ready yet; try again later",
  InvalidPathException: "HDFS names have no colon and no empty parts; choose another name",
  IllegalArgumentException: "check the values of the call",
  HadoopIllegalArgumentException: "check the values of the call",
  UnsupportedOperationException:
    "the server does not offer this operation; ask its administrator or use another server",
  SecurityException: "get a new delegation token or log in again",
  InvalidToken: "get a new delegation token",
};

/** One step that helps with an exception. */
export function nextStep(exception: string): string {
  return Object.hasOwn(steps, exception) ? (steps[exception] ?? "") : "see the NameNode's log for the cause";
}
