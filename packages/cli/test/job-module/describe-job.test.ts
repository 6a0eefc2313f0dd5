import { describe, expect, it } from "vitest";
import { jsonLines, textLines, textTable } from "@millrace/formats";
import { choice, defineJob, integer, sum, text } from "@millrace/sdk";
import { jobProgram } from "@millrace/sdk/engine";
import { describeJob, valuesOf } from "../../src/job-module/describe-job.ts";

const job = defineJob({
  name: "words",
  params: {
    pattern: text({ about: "what is looked for" }),
    top: integer({ default: 10, min: 1, max: 99 }),
    mode: choice("fast", "exact"),
  },
  input: textLines(),
  map: (line, emit) => emit(line, 1),
  reduce: sum(),
  output: textTable(),
});

describe("describeJob()", () => {
  it("tells parameters, inputs, outputs and a command with what must be given", () => {
    const described = describeJob("./words.ts", "how often each word occurs", jobProgram(job));
    expect(described).toMatchObject({
      name: "./words.ts",
      parts: ["words"],
      inputs: [{ name: "", format: "text-lines" }],
      outputs: [{ name: "", format: "text-table", extension: "tsv" }],
      example: "millrace run ./words.ts INPUT... OUTPUT -p pattern=TEXT -p mode=fast",
    });
    expect(described.params.map(valuesOf)).toEqual(["text", "int from 1 to 99", "fast | exact"]);
  });

  it("writes named inputs, side files and jobs without inputs as they are called", () => {
    const program = jobProgram(job);
    const format = program.inputs[0]?.format;
    const json = jobProgram(defineJob({ name: "j", input: jsonLines(), map: () => undefined, output: jsonLines() }));
    const two = {
      ...program,
      params: {},
      files: ["stop.txt"],
      inputs: [
        { name: "users", format: format! },
        { name: "hits", format: json.inputs[0]!.format },
      ],
    };
    expect(describeJob("j.ts", "", two).example).toBe(
      "millrace run j.ts --input users=PATH --input hits=PATH OUTPUT --file stop.txt=PATH",
    );
    const numbers = {
      ...program,
      params: {},
      inputs: [{ name: "", format: { ...format!, splitting: "numbers" as const, numbers: "maps" } }],
    };
    expect(describeJob("pi", "", numbers)).toMatchObject({
      inputs: [{ numbers: "maps" }],
      example: "millrace run pi OUTPUT",
    });
  });
});
