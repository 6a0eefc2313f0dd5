// Every code that Millrace gives, in one place: who is charged, whether to try again, how it leaves the process, and
// what a person can do. docs/errors.md is this table; a test keeps the two equal.

/** Who pays for a failed attempt: its task (counts towards `attemptsMax`), its worker, or nobody. */
export type Charged = "task" | "worker" | "nobody";

/** What a code means for everyone who meets it. */
export interface ErrorEntry {
  readonly meaning: string;
  readonly charged: Charged;
  /** Whether another attempt may help. */
  readonly retry: boolean;
  /** Name of the gRPC status that carries it. */
  readonly grpc:
    | "INVALID_ARGUMENT"
    | "NOT_FOUND"
    | "ALREADY_EXISTS"
    | "PERMISSION_DENIED"
    | "UNAUTHENTICATED"
    | "RESOURCE_EXHAUSTED"
    | "FAILED_PRECONDITION"
    | "ABORTED"
    | "UNAVAILABLE"
    | "DEADLINE_EXCEEDED"
    | "INTERNAL"
    | "DATA_LOSS"
    | "UNIMPLEMENTED"
    | "CANCELLED";
  readonly exit: 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 78 | 130;
  readonly action: string;
}

type Handling = readonly [charged: Charged, retry: boolean, grpc: ErrorEntry["grpc"], exit: ErrorEntry["exit"]];

const entry = (meaning: string, [charged, retry, grpc, exit]: Handling, action: string): ErrorEntry => ({
  meaning,
  charged,
  retry,
  grpc,
  exit,
  action,
});

/** The table, in the order of a job's way through the engine. */
export const errorTable = {
  E_USAGE: entry(
    "The command line is wrong: an unknown word, flag or value",
    ["nobody", false, "INVALID_ARGUMENT", 2],
    "Read `millrace --help` or the nearest name in the message",
  ),
  E_UNKNOWN_JOB: entry(
    "No job of that name or id",
    ["nobody", false, "NOT_FOUND", 2],
    "See `millrace jobs` for shipped jobs, `millrace job list` for submitted ones",
  ),
  E_JOB_MODULE: entry(
    "The job file cannot be bundled, imported, or has no job as its default export",
    ["nobody", false, "INVALID_ARGUMENT", 1],
    "Mend the file at the place that the message names",
  ),
  E_JOB_INVALID: entry(
    "The job's definition or submission does not fit together",
    ["nobody", false, "INVALID_ARGUMENT", 2],
    "Change the part that the message names",
  ),
  E_PARAMETER: entry(
    "A job parameter is unknown, missing or of the wrong type",
    ["nobody", false, "INVALID_ARGUMENT", 2],
    "See `millrace jobs` or the job file's `params`",
  ),
  E_CONFIGURATION: entry(
    "The configuration is refused",
    ["nobody", false, "FAILED_PRECONDITION", 78],
    "Change the key that the message names",
  ),
  E_UNSAFE_LISTEN: entry(
    "A listener on another address than loopback, without TLS and a token",
    ["nobody", false, "FAILED_PRECONDITION", 78],
    "Listen on 127.0.0.1, or make certificates",
  ),
  E_PORT_IN_USE: entry(
    "Another process listens on the port",
    ["nobody", false, "FAILED_PRECONDITION", 78],
    "Choose another port, or stop the other process",
  ),
  E_NODE_VERSION: entry(
    "This Node is too old",
    ["nobody", false, "FAILED_PRECONDITION", 78],
    "Use the Node version that the message names",
  ),
  E_STATE_LOCKED: entry(
    "Another coordinator or worker holds the directory",
    ["nobody", false, "FAILED_PRECONDITION", 78],
    "Stop the other process, or choose another directory",
  ),
  E_STATE_DAMAGED: entry(
    "A journal is damaged before its last record",
    ["nobody", false, "DATA_LOSS", 78],
    "Restore the directory from a copy, or begin with an empty one",
  ),
  E_AUTH: entry(
    "The token is missing or wrong",
    ["nobody", false, "UNAUTHENTICATED", 4],
    "Use the token of the coordinator's endpoint file",
  ),
  E_FORBIDDEN: entry(
    "The token's role may not do this",
    ["nobody", false, "PERMISSION_DENIED", 4],
    "Use a token of the role that the message names",
  ),
  E_UNREACHABLE: entry(
    "No coordinator answers",
    ["nobody", true, "UNAVAILABLE", 5],
    "Start one with `millrace cluster up`, or check the address",
  ),
  E_BUSY: entry(
    "The coordinator is starting or at a limit",
    ["nobody", true, "UNAVAILABLE", 5],
    "Try again in a moment",
  ),
  E_WAIT_TIMEOUT: entry(
    "The wait ended before the job did",
    ["nobody", false, "DEADLINE_EXCEEDED", 8],
    "Wait again with `millrace job wait`",
  ),
  E_CANCELLED: entry(
    "Cancelled before the job was accepted, or before the cluster was up",
    ["nobody", false, "CANCELLED", 130],
    "Submit or start it again",
  ),
  E_MESSAGE: entry(
    "A message of the protocol has a field that is not valid",
    ["nobody", false, "INVALID_ARGUMENT", 1],
    "Use the same release of Millrace on both sides",
  ),
  E_VERSION_MISMATCH: entry(
    "Two sides speak different versions",
    ["nobody", false, "FAILED_PRECONDITION", 78],
    "Use the same release of Millrace and the same Node major everywhere",
  ),
  E_OUTPUT_EXISTS: entry(
    "The output exists",
    ["nobody", false, "ALREADY_EXISTS", 6],
    "Choose another output, or pass --overwrite for an output that Millrace wrote",
  ),
  E_OUTPUT_OVERLAPS: entry(
    "The output is, contains or lies inside an input",
    ["nobody", false, "INVALID_ARGUMENT", 6],
    "Choose an output outside every input",
  ),
  E_OUTPUT_BUSY: entry(
    "A live job writes to this output or one that overlaps it",
    ["nobody", false, "ALREADY_EXISTS", 6],
    "Wait for that job, or choose another output",
  ),
  E_OUTPUT_DENIED: entry(
    "The output's parent is missing or cannot be written",
    ["nobody", false, "PERMISSION_DENIED", 6],
    "Make the parent, or grant access to it",
  ),
  E_INPUT_MISSING: entry(
    "An input is missing or a pattern matches nothing",
    ["nobody", false, "NOT_FOUND", 7],
    "Check the path or pattern that the message names",
  ),
  E_UNSUPPORTED_CODEC: entry(
    "An input is compressed in a way that this version does not read",
    ["nobody", false, "UNIMPLEMENTED", 7],
    "Unpack the file, or compress it with gzip, zstd or bzip2",
  ),
  E_TOO_LARGE: entry(
    "A limit would be passed: tasks, files, bundle, message",
    ["nobody", false, "RESOURCE_EXHAUSTED", 2],
    "Stay below the limit that the message names",
  ),
  E_INPUT_CHANGED: entry(
    "An input is not as it was when the job was planned",
    ["nobody", false, "ABORTED", 1],
    "Submit again when the input is still, or pass --input-growth prefix for a growing log",
  ),
  E_INPUT_CORRUPT: entry(
    "Compressed input is damaged or cut off",
    ["task", false, "DATA_LOSS", 1],
    "Mend the file at the offset that the message names",
  ),
  E_INPUT_FORMAT: entry(
    "An input is not of the format that the job reads it as",
    ["task", false, "FAILED_PRECONDITION", 1],
    "Compare the file with the job's format; leave out files that are something else",
  ),
  E_INPUT_READ: entry(
    "An input could not be read",
    ["task", true, "UNAVAILABLE", 1],
    "Check the storage and its permissions",
  ),
  E_RECORD_TOO_LARGE: entry(
    "A record is larger than 64 MiB",
    ["task", false, "RESOURCE_EXHAUSTED", 1],
    "Look at the file and offset in the message",
  ),
  E_BAD_RECORDS: entry(
    "More records could not be parsed than the job allows",
    ["nobody", false, "ABORTED", 1],
    "Look at the samples; raise --bad-records-max if they are expected",
  ),
  E_KEY_INVALID: entry(
    "A key has no faithful bytes: a lone surrogate, a wrong type, more than 64 KiB",
    ["task", true, "INVALID_ARGUMENT", 1],
    "Mend the job where the message points",
  ),
  E_VALUE_INVALID: entry(
    "A value or record of the wrong type was emitted",
    ["task", true, "INVALID_ARGUMENT", 1],
    "Mend the job where the message points",
  ),
  E_USER_CODE: entry("The job's code threw", ["task", true, "ABORTED", 1], "Mend the job where the message points"),
  E_ASYNC_USER_CODE: entry(
    "A user function returned a promise or a generator, or left work pending that did not end",
    ["task", false, "ABORTED", 1],
    "Make it synchronous; wait in `setup`; call `unref()` on a timer that is meant to go on",
  ),
  E_JOIN_MEMORY: entry(
    "The values of one key of a join's inputs, all but the last, take more than 64 MiB",
    ["task", false, "RESOURCE_EXHAUSTED", 1],
    "Put the input with the most values of one key last, or emit smaller values",
  ),
  E_EMIT_AFTER_END: entry(
    "`emit` was called after the user function had returned",
    // Another try may be quicker and lose the record without a word.
    ["task", false, "ABORTED", 1],
    "Emit before returning",
  ),
  E_TASK_EXITED: entry(
    "The task's process ended by itself",
    ["task", true, "ABORTED", 1],
    "Do not end the process from user code; see the attempt's log",
  ),
  E_TASK_CRASHED: entry(
    "The task's process was killed by a signal or crashed",
    ["task", true, "ABORTED", 1],
    "See the attempt's log",
  ),
  E_TASK_TIMEOUT: entry(
    "No record was read or written for the task timeout",
    ["task", true, "ABORTED", 1],
    "Look for an endless loop, or raise the task timeout",
  ),
  E_TASK_MEMORY: entry(
    "The task's process passed its memory limit",
    ["task", true, "RESOURCE_EXHAUSTED", 1],
    "Keep less in memory in the job's code",
  ),
  E_HOST_START: entry(
    "A task process could not be started",
    ["worker", true, "UNAVAILABLE", 1],
    "See the worker's log",
  ),
  E_NO_SPACE: entry(
    "A disk is full: a worker's, the coordinator's, or that of a command",
    ["worker", true, "RESOURCE_EXHAUSTED", 1],
    "Free disk space where the message says",
  ),
  E_WORK_DISK: entry(
    "A worker's own disk failed",
    ["worker", true, "UNAVAILABLE", 1],
    "Check the disk of the worker that the message names",
  ),
  E_SEGMENT: entry(
    "A segment was missing, cut or corrupt when the reduce attempt read it",
    ["nobody", true, "DATA_LOSS", 1],
    "None needed: it is gathered or made again",
  ),
  E_GATHER: entry(
    "A worker could not bring segments that their sources found whole",
    ["worker", true, "UNAVAILABLE", 1],
    "Check the network and the disk of the worker that the message names",
  ),
  E_OUTPUT_WRITE: entry(
    "An attempt could not write its output",
    ["task", true, "UNAVAILABLE", 1],
    "Check the storage and its permissions",
  ),
  E_WORKER_LOST: entry(
    "The attempt's worker is gone",
    ["nobody", true, "UNAVAILABLE", 1],
    "None needed: the attempt runs again elsewhere",
  ),
  E_KILLED: entry(
    "The job was killed, or the attempt was ended by the coordinator",
    ["nobody", false, "CANCELLED", 3],
    "None",
  ),
  E_ATTEMPTS: entry(
    "A task failed as often as it may",
    ["nobody", false, "ABORTED", 1],
    "Read the last failure in the message",
  ),
  E_LOSSES: entry(
    "A task ran in vain as often as it may, through no fault of the job: workers died, failed it or lost its segments",
    ["nobody", false, "ABORTED", 1],
    "Mend what the message says of the last time, such as a full disk; look at why workers die",
  ),
  E_NO_WORKER: entry(
    "No worker could take the job's tasks for too long",
    ["nobody", false, "UNAVAILABLE", 1],
    "Start workers of the job's Node major and data version",
  ),
  E_NONDETERMINISTIC: entry(
    "A map gave different pairs when it ran again, after its first result was consumed",
    ["nobody", false, "ABORTED", 1],
    "Make the map depend on its record alone; use context.random()",
  ),
  E_CONSERVATION: entry(
    "Records or pairs were lost or doubled on the way",
    ["nobody", false, "DATA_LOSS", 1],
    "This is a bug of Millrace: report it with the job's journal",
  ),
  E_COMMIT: entry(
    "The output could not be published",
    ["nobody", false, "UNAVAILABLE", 1],
    "Check the storage that the message names, then submit again; an old output that was moved aside is named too",
  ),
  E_VERIFY: entry(
    "An output does not match its manifest",
    ["nobody", false, "DATA_LOSS", 1],
    "Run the job again; do not use this output",
  ),
  E_STORAGE: entry(
    "Storage refused or failed",
    ["nobody", true, "UNAVAILABLE", 1],
    "Check the storage that the message names",
  ),
  E_INTERNAL: entry("A bug of Millrace", ["nobody", false, "INTERNAL", 1], "Report it with the log"),
} as const satisfies Record<string, ErrorEntry>;

/** A code of the table. */
export type ErrorCode = keyof typeof errorTable;

/** Look up a code that came from elsewhere. @returns the entry of `E_INTERNAL` for an unknown one. */
export function errorEntry(code: string): ErrorEntry {
  return Object.hasOwn(errorTable, code) ? errorTable[code as ErrorCode] : errorTable.E_INTERNAL;
}
