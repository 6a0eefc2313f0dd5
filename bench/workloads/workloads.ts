// All workloads, in the order of the tables.

import { answerInOrder, answerOfCounts, answerOfRows } from "../check/read-answers.ts";
import { millraceTrafficAnswer, peerTrafficAnswer } from "../check/traffic-answer.ts";
import type { Workload } from "./workload.ts";
import { benchJob, grepPattern } from "./workload.ts";

/** A thousand tasks are enough to tell what one costs. */
const manyTasks = 1_000;
/** A quantile of Millrace is within 1 % of a value of that rank; those of peers lie at this rank or the next. */
const quantileTolerance = 0.02;

const everyWord = { task: "word-count", answer: answerOfRows } as const;

/** By name. */
export const workloads: readonly Workload[] = [
  {
    name: "word-count",
    about: "how often each word occurs, 0.8 million different words in 1 GB; the shipped job",
    data: ["text"],
    sizeByDefault: "1GiB",
    job: "word-count",
    ...everyWord,
  },
  {
    name: "word-count-user",
    about: "the same by `map: (line, emit)` that splits strings",
    data: ["text"],
    sizeByDefault: "1GiB",
    job: benchJob("word-count-user"),
    ...everyWord,
  },
  {
    name: "word-count-batch",
    about: "the same by `mapBatch`, over bytes",
    data: ["text"],
    sizeByDefault: "1GiB",
    job: benchJob("word-count-batch"),
    ...everyWord,
  },
  {
    name: "distinct",
    about: "word count in which no word occurs twice",
    data: ["distinct-words"],
    sizeByDefault: "1GiB",
    job: "word-count",
    ...everyWord,
  },
  {
    name: "traffic",
    about: "access log: hits, bytes and p99 of each status and minute, top 100 paths by bytes",
    data: ["access-log"],
    sizeByDefault: "1GiB",
    task: "traffic",
    job: benchJob("traffic"),
    hasParts: true,
    tolerance: quantileTolerance,
    answer: (output, author) => (author === "millrace" ? millraceTrafficAnswer(output) : peerTrafficAnswer(output)),
  },
  {
    name: "terasort",
    about: "rows of 100 bytes by their first 10, into 4 sorted parts",
    data: ["tera"],
    sizeByDefault: "1GiB",
    task: "terasort",
    job: "terasort",
    options: () => ["--reduces", "4"],
    answer: answerInOrder,
  },
  {
    name: "sort-lines",
    about: "printable lines of 100 bytes by their bytes, into 4 sorted parts",
    data: ["rows"],
    sizeByDefault: "1GiB",
    task: "sort-lines",
    job: "sort",
    options: () => ["--reduces", "4"],
    answer: answerInOrder,
  },
  {
    name: "grep",
    about: "access log: how many lines match",
    data: ["access-log"],
    sizeByDefault: "1GiB",
    task: "grep",
    job: "grep",
    options: () => ["-p", `pattern=${grepPattern}`],
    answer: answerOfCounts,
  },
  {
    name: "grep-lines",
    about: "access log: the lines that match",
    data: ["access-log"],
    sizeByDefault: "1GiB",
    task: "grep-lines",
    job: "grep-lines",
    options: () => ["-p", `pattern=${grepPattern}`],
    answer: answerOfRows,
  },
  {
    name: "join",
    about: "orders with their customers, an eighth of the orders' bytes",
    data: ["orders", "customers"],
    sizeByDefault: "1GiB",
    task: "join",
    job: "join",
    inputNames: ["left", "right"],
    answer: answerOfRows,
  },
  {
    name: "shuffle",
    about: "every byte through the shuffle, next to none written",
    data: ["rows"],
    sizeByDefault: "1GiB",
    task: "shuffle",
    job: benchJob("shuffle"),
    options: () => ["--reduces", "2"],
    answer: answerOfRows,
  },
  {
    name: "small-job",
    about: "word count of 10 KB: what a start costs",
    data: ["text"],
    sizeByDefault: "10KiB",
    job: "word-count",
    ...everyWord,
  },
  {
    name: "many-tasks",
    about: `word count in ${manyTasks} map tasks`,
    data: ["text"],
    sizeByDefault: "16MiB",
    job: "word-count",
    splitBytes: (bytes) => Math.ceil(bytes / manyTasks),
    options: (bytes) => ["--split-bytes", String(Math.ceil(bytes / manyTasks))],
    ...everyWord,
  },
];
