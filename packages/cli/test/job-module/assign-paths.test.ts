import { describe, expect, it } from "vitest";
import type { DeclaredInput } from "../../src/job-module/assign-paths.ts";
import { assignPaths } from "../../src/job-module/assign-paths.ts";
import type { NamedPath } from "../../src/job-module/parse-submission.ts";

const only: readonly DeclaredInput[] = [{ name: "", readsFiles: true }];
const numbers: readonly DeclaredInput[] = [{ name: "", readsFiles: false }];
const joined: readonly DeclaredInput[] = [
  { name: "users", readsFiles: true },
  { name: "hits", readsFiles: true },
];
const named = (...given: readonly string[]): readonly NamedPath[] =>
  given.map((text) => {
    const [name = "", path = ""] = text.split("=");
    return { name, path };
  });
const assign = (declared: readonly DeclaredInput[], paths: readonly string[], ...inputs: readonly string[]) =>
  assignPaths(declared, { job: "j.ts", paths, inputs: named(...inputs) });

describe("assignPaths()", () => {
  it("takes the last path as output and those before as the one input", () => {
    expect(assign(only, ["a", "b", "out"])).toEqual({ inputs: [["a", "b"]], output: "out" });
  });

  it("takes inputs by name, in declared order, several for a name in the order given", () => {
    expect(assign(joined, ["out"], "hits=b", "users=u", "hits=a")).toEqual({
      inputs: [["u"], ["b", "a"]],
      output: "out",
    });
  });

  it("takes nothing but an output for a job that reads numbers, also beside an input of files", () => {
    expect(assign(numbers, ["out"])).toEqual({ inputs: [[]], output: "out" });
    expect(
      assign(
        [
          { name: "n", readsFiles: false },
          { name: "logs", readsFiles: true },
        ],
        ["a", "out"],
      ),
    ).toEqual({
      inputs: [[], ["a"]],
      output: "out",
    });
  });

  it.each<[string, readonly DeclaredInput[], readonly string[], readonly string[]]>([
    ['one path is given, "out", but it needs INPUT... and OUTPUT; write j.ts INPUT... OUTPUT', only, ["out"], []],
    ['its only input has no name, but --input "users=u" is given', only, ["out"], ["users=u"]],
    ['it reads no files, but 2 paths are given, "in" "out"; write j.ts OUTPUT', numbers, ["in", "out"], []],
    ['it reads no files, but --input "a=b" is given; write j.ts OUTPUT', numbers, ["out"], ["a=b"]],
    [
      'its inputs "users", "hits" must be given; write j.ts --input users=PATH --input hits=PATH OUTPUT',
      joined,
      ["u", "h", "out"],
      [],
    ],
    ['its input "users" must be given', joined, ["out"], ["hits=h"]],
    ['it has no input "user" (did you mean "users"?); its inputs are users, hits', joined, ["out"], ["user=u"]],
    ["its inputs are given by name, but 2 paths are given", joined, ["x", "out"], ["users=u", "hits=h"]],
  ])("refuses with %s", (text, declared, paths, inputs) => {
    expect(() => assign(declared, paths, ...inputs)).toThrow(
      expect.objectContaining({ code: "E_USAGE", message: expect.stringContaining(text) as string }) as Error,
    );
  });
});
