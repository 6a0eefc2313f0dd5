// A plan as lines of text: what is read, done, sent on and written, in the order of the data's way.

import { escapeText, shownText } from "../output/escape-text.ts";
import { formatBytes, formatCount } from "../output/units.ts";
import type {
  InputDescription,
  OutputDescription,
  PlanDescription,
  ShuffleDescription,
  SplitsDescription,
  StageDescription,
} from "./describe-plan.ts";

/** Print a plan. @returns lines for a terminal: what a job's author chose is escaped. */
export function printPlan(plan: PlanDescription): readonly string[] {
  const lines = [
    line("job", `${plan.name}: ${counted(plan.stages.length, "stage")}, ${counted(plan.tasks, "task")}`),
    ...plan.inputs.flatMap(inputLines),
    ...plan.params.map(({ name, value, given }) =>
      line("param", `${name} = ${shownText(value)}${given ? "" : " (default)"}`),
    ),
    ...plan.files.map(({ name, bytes, sha256 }) => line("file", `${name}, ${formatBytes(bytes)}, sha256 ${sha256}`)),
    ...plan.stages.flatMap(stageLines),
    line("output", `${plan.output.uri}${outputNote(plan.output)}`),
    line("", `plan ${plan.planHash}, code and files ${formatBytes(plan.payloadBytes)}; nothing was run or written`),
  ];
  return lines.map((text) => escapeText(text).trimEnd());
}

/** Width of the first column. */
const labelColumns = 10;

function line(label: string, text: string): string {
  return `${label.padEnd(labelColumns)}${text}`;
}

function counted(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? "" : "s"}`;
}

function inputLines(input: InputDescription): readonly string[] {
  const name = input.name === "" ? "" : `${input.name}: `;
  if (input.numbers !== undefined) return [line("input", `${name}${input.format}: 0 to ${input.numbers}, exclusive`)];
  const skipped = input.skipped > 0 ? `, ${formatCount(input.skipped)} hidden left out` : "";
  const cut = input.splitting === "none" ? "a file is never cut" : "files may be cut";
  return [
    line(
      "input",
      `${name}${input.format}: ${counted(input.files, "file")}, ${formatBytes(input.bytes)}${skipped}; ${cut}`,
    ),
    ...input.patterns.map((pattern) => line("", `  ${pattern}`)),
  ];
}

function stageLines(stage: StageDescription): readonly string[] {
  return [
    line(`stage ${stage.stage}`, `${stage.kind}, ${counted(stage.tasks, "task")}: reads ${stage.reads.join(" and ")}`),
    ...stage.does.map((text) => line("", `  ${text}`)),
    ...(stage.splits === undefined ? [] : splitLines(stage.splits)),
    ...(stage.shuffle === undefined ? [] : shuffleLines(stage.shuffle)),
    ...stage.outputs.map((output) => line("", `  writes ${outputText(output)}`)),
  ];
}

function splitLines({ count, bytes, largestBytes, first }: SplitsDescription): readonly string[] {
  if (count === 0) return [line("", "  splits: none, there is nothing to read")];
  const size =
    first[0]?.uri === "numbers:"
      ? `${counted(bytes, "number")}, the most ${formatCount(largestBytes)}`
      : `${formatBytes(bytes)}, the largest ${formatBytes(largestBytes)}`;
  const rest = count - first.length;
  return [
    line("", `  ${counted(count, "split")}, ${size}`),
    ...first.map((split) => line("", `    ${split.input === "" ? "" : `${split.input}: `}${splitText(split)}`)),
    ...(rest > 0 ? [line("", `    and ${formatCount(rest)} more`)] : []),
  ];
}

function splitText({ uri, offset, bytes, parts }: SplitsDescription["first"][number]): string {
  // A split of numbers has them in place of bytes.
  if (uri === "numbers:") return `${offset} to ${offset + bytes}, exclusive`;
  return `${uri} from ${offset}, ${bytes} bytes${parts > 1 ? ` and ${counted(parts - 1, "file")} more` : ""}`;
}

function shuffleLines(shuffle: ShuffleDescription): readonly string[] {
  const { partitions, partitioning, key, orderKey, value, pairs, combined } = shuffle;
  const by = { hash: "by hash of the key", function: "by the job's partition function", ranges: "by ranges of keys" };
  const order = orderKey === undefined ? "" : `, order key ${orderKey}`;
  const what = pairs === "state" ? `states of ${value}` : `values ${value}`;
  return [
    line("", `  shuffle: ${counted(partitions, "partition")} ${by[partitioning]}`),
    line("", `    key ${key}${order}, ${what}`),
    line(
      "",
      `    order: keys ascend${orderKey === undefined ? "" : ", values of a key by the order key"}, then as read`,
    ),
    line("", `    combined ${combined}`),
  ];
}

function outputText({ folder, files, format }: OutputDescription): string {
  return `${folder}/${files}, ${format}`;
}

function outputNote({ exists, overwrite }: PlanDescription["output"]): string {
  if (!exists) return "";
  return overwrite ? " (is there, and would be replaced)" : " (is there: a job needs --overwrite, or another place)";
}
