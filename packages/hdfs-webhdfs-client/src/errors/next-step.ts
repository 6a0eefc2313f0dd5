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
  PathComponentTooLongException:
    "choose a shorter name; dfs.namenode.fs-limits.max-component-length is the limit, 255 bytes unless set",
  MaxDirectoryItemsExceededException:
    "use more directories; dfs.namenode.fs-limits.max-directory-items is the limit of each",
  InvalidPathException: "HDFS names have no colon and no empty parts; choose another name",
  IllegalArgumentException: "check the values of the call",
  HadoopIllegalArgumentException: "check the values of the call",
  UnsupportedOperationException:
    "the server does not offer this operation; ask its administrator or use another server",
  SecurityException: "get a new delegation token or log in again",
  InvalidToken: "get a new delegation token",
};

/** What a plain class does not tell, by the words of its message. */
const stepsByMessage: readonly (readonly [pattern: RegExp, step: string])[] = [
  [
    /Failed to find datanode/u,
    'see that DataNodes run, have registered with the NameNode and have room ("hdfs dfsadmin -report")',
  ],
  [
    /No active nodes contain this block|Could not obtain block/u,
    'start the DataNodes that have its blocks ("hdfs fsck PATH -files -blocks -locations" names them)',
  ],
  [
    /could only be (?:written|replicated) to/u,
    'make room on the DataNodes, or start more of them ("hdfs dfsadmin -report" tells what each has left)',
  ],
  [/cannot be deleted since .* snapshot/u, "delete the snapshots of the directory first"],
  // So a DataNode's own HTTP server answers what only a NameNode is asked.
  [/^Invalid operation /u, "this is the address of a DataNode; give a NameNode's HTTP address (9870, with https 9871)"],
  [
    /parameter "user\.name"/u,
    "check the name of the user; dfs.webhdfs.user.provider.user.pattern of the NameNode says which it takes",
  ],
];

/** One step that helps with an exception. */
export function nextStep(exception: string, message = ""): string {
  const byMessage = stepsByMessage.find(([pattern]) => pattern.test(message))?.[1];
  if (byMessage !== undefined) return byMessage;
  return Object.hasOwn(steps, exception) ? (steps[exception] ?? "") : "see the NameNode's log for the cause";
}
