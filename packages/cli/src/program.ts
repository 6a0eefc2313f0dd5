// The command tree. Each command's code is imported when it runs, so that `--help` costs little more than Node itself.

import { Command, Option } from "commander";
import type { GlobalFlags } from "./run-command.ts";
import { runCommand } from "./run-command.ts";

/** How an action is told what to do: positional words, then flags. */
type Action = (positional: readonly unknown[], flags: Readonly<Record<string, unknown>>) => Promise<number>;

/** Build the whole tree. @param setExit is called with the exit code of the command that ran. */
export function createProgram(setExit: (code: number) => void): Command {
  const program = new Command("millrace");
  program
    .description("Distributed MapReduce for logs and metrics, with jobs in TypeScript")
    .enablePositionalOptions()
    // `runCli` takes it for the command.
    .option("-V, --version", "print versions, as the command of that name")
    .showSuggestionAfterError(true)
    .addHelpText("after", helpFooter);
  const add: Add = (parent, usage, description, load) =>
    withGlobalFlags(parent.command(usage).description(description)).action(async (...given: unknown[]) => {
      const command = given.at(-1) as Command;
      const positional = given.slice(0, -2);
      const flags = command.optsWithGlobals<GlobalFlags & Record<string, unknown>>();
      setExit(await runCommand(flags, async () => (await load(flags))(positional, flags)));
    });
  addJobRunning(program, add);
  addDaemons(program, add);
  addJobCommands(program, add);
  addTaskCommands(program, add);
  addFiles(program, add);
  addTools(program, add);
  return program;
}

type Add = (
  parent: Command,
  usage: string,
  description: string,
  load: (flags: Readonly<Record<string, unknown>>) => Promise<Action>,
) => Command;

const helpFooter = `
Examples:
  millrace demo                                     see it work: a cluster on this machine, three jobs, a killed worker
  millrace run word-count notes.txt counts          one process, no daemons
  millrace cluster up --workers 2                   a coordinator and two workers on this machine
  millrace submit my-job.ts 'logs/*.gz' out         run a job on them

Exit codes: 0 success, 1 failed, 2 usage, 3 killed, 4 not authorised, 5 no coordinator, 6 output, 7 input, 8 wait timed out, 78 configuration,
130 interrupted.`;

const filesHelpFooter = `
Patterns ('logs/*.gz') match names: a directory that matches is copied and shown as itself. A target that is a directory takes
copies in; with a final slash it must be one. hdfs:/path is hdfs:///path, on the default file system.`;

function withGlobalFlags(command: Command): Command {
  return command
    .option("-q, --quiet", "print data and errors only")
    .option("--no-progress", "no progress on stderr")
    .addOption(
      new Option("-o, --output <format>", "format of data on stdout").choices(["text", "json"]).default("text"),
    );
}

/** Keep every value of a flag that is given several times. */
const collect = (value: string, before: readonly string[]): readonly string[] => [...before, value];

/** Flags of `run` and `submit` alike. */
function withSubmissionFlags(command: Command): Command {
  return command
    .option("-p, --param <name=value>", "job parameter (repeat for more)", collect, [])
    .option("--input <name=path>", "an input of a job that has several (repeat for more)", collect, [])
    .option("--file <name=path>", "side file that the job's tasks read by name (repeat for more)", collect, [])
    .option("--dry-run", "print the plan, and run nothing")
    .option("--reduces <count>", "number of reduce tasks (default: one for each 256 MiB of input)")
    .option("--split-bytes <size>", "input bytes for each map task (default: 128MiB)")
    .option("--overwrite", "replace an output that Millrace wrote")
    .option(
      "--bad-records-max <share>",
      "share of unparsable records above which the job fails, 0 to 1 (default: 0.01)",
    )
    .option("--task-timeout <duration>", "time without progress after which an attempt is killed (default: 10m)")
    .option("--attempts-max <count>", "failures of one task that fail the job, 1 to 16 (default: 4)")
    .addOption(
      new Option("--input-growth <rule>", "what to do with an input that grows")
        .choices(["refuse", "prefix"])
        .default("refuse"),
    )
    .option("--output-replication <count>", "copies of each block of part files on HDFS")
    .option("--output-block-size <size>", "block size of part files on HDFS, a multiple of 512")
    .option("--output-permission <octal>", "permission of part files on HDFS, such as 640")
    .option("--name <name>", "name of this run (default: the job's name)");
}

function addJobRunning(program: Command, add: Add): void {
  add(
    program,
    "demo",
    "start a cluster on this machine, run three jobs on generated data, kill a worker, show what happened",
    async () => (await import("./commands/demo.ts")).demoCommand,
  )
    .option("--workers <count>", "worker processes", "3")
    .option("--keep", "leave the cluster and its files")
    .option("--hdfs", "on an HDFS that it starts, and kill a DataNode too (needs Java 11 to 23 and Maven)");
  withSubmissionFlags(
    add(
      program,
      "run <job> <paths...>",
      "run a job in this process: JOB INPUT... OUTPUT, or by --input NAME=PATH",
      async (flags) => {
        // Its thread boots beside all that comes before the first task: the imports of the command to begin with.
        if (flags["dryRun"] !== true) (await import("@millrace/task-host/ahead")).startComputeThreadAhead();
        return (await import("./commands/run.ts")).runJobCommand;
      },
    ).option("--slots <count>", "attempts at a time (default: one for each core)"),
  );
  withSubmissionFlags(
    add(
      program,
      "submit <job> <paths...>",
      "run a job on a cluster: JOB INPUT... OUTPUT, or by --input NAME=PATH",
      async () => (await import("./commands/submit.ts")).submitCommand,
    )
      .option("--wait", "wait for the end and print progress (the default)")
      .option("--detach", "print the job's id and end")
      .option("--wait-timeout <duration>", "give up waiting after this time (exit code 8); the job goes on")
      .option("--priority <number>", "higher goes first, -100 to 100", "0")
      .option("--idempotency-key <key>", "submitting twice with one key gives one job")
      .option("--coordinator <address>", "address of the coordinator"),
  );
}

function addDaemons(program: Command, add: Add): void {
  add(
    program,
    "coordinator",
    "run a coordinator in the foreground",
    async () => (await import("./commands/coordinator.ts")).coordinatorCommand,
  )
    .option("--listen <address>", "address for gRPC (default: 127.0.0.1:7450)")
    .option("--http <address>", "address for the page and the API (default: 127.0.0.1:7460)")
    .option("--state-dir <directory>", "journals and histories")
    .option("--endpoint-file <path>", "where to write address and token for clients");
  add(
    program,
    "worker",
    "run a worker in the foreground",
    async () => (await import("./commands/worker.ts")).workerCommand,
  )
    .option("--coordinator <address>", "address of the coordinator (default: 127.0.0.1:7450)")
    .option("--slots <count>", "attempts at a time (default: one for each core)")
    .option("--work-dir <directory>", "run files, logs and scratch space")
    .option("--shuffle-listen <address>", "address on which segments are served (default: 127.0.0.1:0)")
    .option("--host-name <name>", "name of this machine as storage knows it")
    .option("--rack <path>", "rack path of this machine")
    .option("--endpoint-file <path>", "where to find address and token");
  const cluster = program.command("cluster").description("the daemons as background processes on this machine");
  const clusterDirectory = (command: Command): Command =>
    command.option(
      "--dir <directory>",
      "where state, logs and process ids lie (default: ~/.local/state/millrace/cluster)",
    );
  clusterDirectory(
    add(
      cluster,
      "up",
      "start a coordinator and workers",
      async () => (await import("./commands/cluster.ts")).clusterUpCommand,
    ),
  )
    .option("--workers <count>", "worker processes", "2")
    .option("--slots <count>", "attempts at a time on each worker", "1");
  clusterDirectory(
    add(cluster, "down", "stop them", async () => (await import("./commands/cluster.ts")).clusterDownCommand),
  ).option("--remove", "delete the directory too");
  clusterDirectory(
    add(
      cluster,
      "status",
      "show which of them run",
      async () => (await import("./commands/cluster.ts")).clusterStatusCommand,
    ),
  );
}

function withCoordinator(command: Command): Command {
  return command.option("--coordinator <address>", "address of the coordinator");
}

function addJobCommands(program: Command, add: Add): void {
  const load = async () => import("./commands/job.ts");
  const job = program.command("job").description("look at jobs and end them");
  withCoordinator(add(job, "list", "jobs, newest first", async () => (await load()).jobListCommand)).option(
    "--state <state>",
    "only jobs in this state",
  );
  withCoordinator(
    add(job, "status <job>", "one job: progress, stages, waits, failure", async () => (await load()).jobStatusCommand),
  );
  withCoordinator(
    add(job, "watch <job>", "print progress until the job ends", async () => (await load()).jobWatchCommand),
  );
  withCoordinator(
    add(
      job,
      "wait <job>",
      "wait until the job ends; its outcome is the exit code",
      async () => (await load()).jobWaitCommand,
    ),
  ).option("--timeout <duration>", "give up after this time (exit code 8)");
  withCoordinator(
    add(job, "kill <job>", "end a job; its output will not appear", async () => (await load()).jobKillCommand),
  ).option("--reason <text>", "why, for the history");
  withCoordinator(
    add(job, "counters <job>", "counters of accepted attempts", async () => (await load()).jobCountersCommand),
  );
  withCoordinator(
    add(job, "events <job>", "the job's journal, one line an event", async () => (await load()).jobEventsCommand),
  );
}

function addTaskCommands(program: Command, add: Add): void {
  const task = program.command("task").description("look at a job's tasks");
  withCoordinator(
    add(
      task,
      "list <job>",
      "tasks with their attempts",
      async () => (await import("./commands/task.ts")).taskListCommand,
    ),
  )
    .option("--state <state>", "only tasks in this state")
    .option("--slowest <count>", "the slowest tasks first");
  withCoordinator(
    add(
      program,
      "logs <target>",
      "output of user code: JOB, or JOB/STAGE-TASK.ATTEMPT",
      async () => (await import("./commands/logs.ts")).logsCommand,
    ),
  )
    .option("--failed", "of a job, only failed attempts")
    .option("-f, --follow", "of one attempt, go on printing until it ends");
  withCoordinator(
    add(
      program,
      "worker-list",
      "workers with slots and leases",
      async () => (await import("./commands/worker-list.ts")).workerListCommand,
    ),
  );
}

function addFiles(program: Command, add: Add): void {
  const files = program
    .command("fs")
    .description("files of every storage: paths of this machine, hdfs://, webhdfs://, swebhdfs://")
    .addHelpText("after", filesHelpFooter);
  const look = async () => import("./commands/fs-look.ts");
  const read = async () => import("./commands/fs-read.ts");
  const change = async () => import("./commands/fs-change.ts");
  const copy = async () => import("./commands/fs-copy.ts");
  add(files, "ls [names...]", "list directories", async () => (await look()).fsListCommand)
    .option("-l, --long", "with permission, copies of each block, owner and group")
    .option("-R, --recursive", "all files below");
  add(
    files,
    "stat <names...>",
    "all that is known: kind, owner, permission, size, block size, time",
    async () => (await look()).fsStatCommand,
  );
  add(files, "du [names...]", "bytes and files of what lies in them", async () => (await look()).fsUsageCommand).option(
    "-s, --summarize",
    "of each name itself",
  );
  add(files, "locations <files...>", "hosts of each block", async () => (await look()).fsLocationsCommand);
  add(files, "cat <files...>", "print files", async () => (await read()).fsCatCommand);
  const withAmount = (command: Command): Command =>
    command
      .option("-n, --lines <count>", "how many lines", "10")
      .option("-c, --bytes <size>", "how many bytes, instead of lines");
  withAmount(add(files, "head <files...>", "print the first lines", async () => (await read()).fsHeadCommand));
  withAmount(add(files, "tail <files...>", "print the last lines", async () => (await read()).fsTailCommand));
  add(
    files,
    "mkdir <directories...>",
    "make directories and their parents",
    async () => (await change()).fsMakeDirectoryCommand,
  );
  add(files, "rm <names...>", "remove files; no wildcards, no trash", async () => (await change()).fsRemoveCommand)
    .option("-r, --recursive", "directories too, with all below")
    .option("-f, --force", "what is not there is no error");
  add(files, "mv <from> <to>", "rename within a storage", async () => (await change()).fsMoveCommand);
  for (const [name, description, load] of [
    ["put", "copy files of this machine into a storage", async () => (await copy()).fsPutCommand],
    ["get", "copy files of a storage to this machine", async () => (await copy()).fsGetCommand],
  ] as const)
    add(files, `${name} <names...>`, `${description}: SOURCE... TARGET`, load).option(
      "--overwrite",
      "replace files that are there",
    );
}

function addTools(program: Command, add: Add): void {
  add(
    program,
    "verify <output>",
    "check every file of an output against its manifest",
    async () => (await import("./commands/verify.ts")).verifyCommand,
  );
  add(
    program,
    "gen <kind> <out>",
    "generate files: text, access-log, openmetrics or tera (rows of the sort benchmark, as TeraGen makes them)",
    async () => (await import("./commands/gen.ts")).genCommand,
  )
    .option("--bytes <size>", "size in all", "16MiB")
    .option("--rows <count>", "tera: rows of 100 bytes, instead of --bytes")
    .option("--first-row <number>", "tera: number of the first row (default: 0)")
    .option("--seed <number>", "equal seeds give equal bytes; tera has none", "1")
    .option("--files <count>", "spread over this many files in a directory", "1");
  add(
    program,
    "jobs [job]",
    "the shipped jobs with their parameters; with JOB one of them, or a job file, in full",
    async () => (await import("./commands/jobs.ts")).jobsCommand,
  );
  add(
    program,
    "doctor [directories...]",
    "check this machine, and that jobs can read and write in directories (default: the working directory)",
    async () => (await import("./commands/doctor.ts")).doctorCommand,
  );
  add(
    program,
    "version",
    "versions of Millrace, its formats and Node",
    async () => (await import("./commands/version.ts")).versionCommand,
  );
}
