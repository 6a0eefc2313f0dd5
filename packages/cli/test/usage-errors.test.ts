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
