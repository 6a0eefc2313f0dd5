// Exceptions as Hadoop throws them, with the HTTP status that its ExceptionHandler gives them.

const packages: Readonly<Record<string, string>> = {
  FileNotFoundException: "java.io",
  IOException: "java.io",
  IllegalArgumentException: "java.lang",
  NegativeArraySizeException: "java.lang",
  UnsupportedOperationException: "java.lang",
  SecurityException: "java.lang",
  HadoopIllegalArgumentException: "org.apache.hadoop",
  InvalidPathException: "org.apache.hadoop.fs",
  FileAlreadyExistsException: "org.apache.hadoop.fs",
  ParentNotDirectoryException: "org.apache.hadoop.fs",
  PathIsNotEmptyDirectoryException: "org.apache.hadoop.fs",
  AccessControlException: "org.apache.hadoop.security",
  AlreadyBeingCreatedException: "org.apache.hadoop.hdfs.protocol",
  NSQuotaExceededException: "org.apache.hadoop.hdfs.protocol",
  DSQuotaExceededException: "org.apache.hadoop.hdfs.protocol",
  SnapshotException: "org.apache.hadoop.hdfs.protocol",
  SnapshotAccessControlException: "org.apache.hadoop.hdfs.protocol",
  SafeModeException: "org.apache.hadoop.hdfs.server.namenode",
  StandbyException: "org.apache.hadoop.ipc",
  RetriableException: "org.apache.hadoop.ipc",
};

const statuses: Readonly<Record<string, number>> = {
  FileNotFoundException: 404,
  IllegalArgumentException: 400,
  HadoopIllegalArgumentException: 400,
  InvalidPathException: 400,
  UnsupportedOperationException: 400,
  NegativeArraySizeException: 500,
};

/** An exception to be sent as `RemoteException`; every other IOException is 403. */
export class FakeException extends Error {
  override readonly name = "FakeException";
  readonly exception: string;
  readonly status: number;

  constructor(exception: string, message: string, status = statuses[exception] ?? 403) {
    super(message);
    this.exception = exception;
    this.status = status;
  }

  /** The same, answered with another status. */
  withStatus(status: number): FakeException {
    return new FakeException(this.exception, this.message, status);
  }

  /** The body of the answer. */
  toJson(): object {
    const { exception, message } = this;
    const javaClassName = `${packages[exception] ?? "java.io"}.${exception}`;
    return { RemoteException: { exception, javaClassName, message } };
  }
}
