import { expect, it, onTestFinished, vi } from "vitest";
import { runCli } from "../src/main.ts";

it("runCli() says how JSON is asked for when --json is given", async () => {
  const printed: string[] = [];
  const write = vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    printed.push(String(text));
    return true;
  });
  onTestFinished(() => write.mockRestore());
  expect(await runCli(["fs", "ls", "--json"])).toBe(2);
  expect(printed.join("")).toBe(
    "error Cannot read the command line: unknown option '--json' (Did you mean -o json?); see `millrace fs ls --help` [E_USAGE]\n",
  );
});

it.each([["--version"], ["-V"], ["version"]])(
  "runCli() prints the version for %s, and takes the flags of it",
  async (word) => {
    const printed: string[] = [];
    const write = vi.spyOn(process.stdout, "write").mockImplementation((text) => printed.push(String(text)) > 0);
    onTestFinished(() => write.mockRestore());
    expect(await runCli([word])).toBe(0);
    expect(await runCli([word, "-o", "json"])).toBe(0);
    expect(printed[0]).toMatch(/^millrace \d+\.\d+\.\d+ \(data version \d+, protocol v1, Node [\d.]+\)\n$/);
    expect(JSON.parse(printed[1] ?? "")).toMatchObject({ protocol: "v1" });
  },
);
