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

it.each([[["-o", "json"]], [["-ojson"]], [["--output", "json"]], [["--output=json"]]])(
  "runCli() gives a document of a command line that cannot be read with %j",
  async (flags) => {
    const [out, err]: [string[], string[]] = [[], []];
    const writes = [
      vi.spyOn(process.stdout, "write").mockImplementation((text) => out.push(String(text)) > 0),
      vi.spyOn(process.stderr, "write").mockImplementation((text) => err.push(String(text)) > 0),
    ];
    onTestFinished(() => writes.forEach((write) => write.mockRestore()));
    expect(await runCli(["job", "list", "--nope", ...flags])).toBe(2);
    const message = "Cannot read the command line: unknown option '--nope'; see `millrace job list --help`";
    expect(out.map((text) => JSON.parse(text) as unknown)).toEqual([{ error: { code: "E_USAGE", message, exit: 2 } }]);
    expect(err).toEqual([`error ${message} [E_USAGE]\n`]);
  },
);

it("runCli() prints nothing on stdout for one that asks for no JSON", async () => {
  const write = vi.spyOn(process.stdout, "write").mockReturnValue(true);
  const errors = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  onTestFinished(() => [write, errors].forEach((each) => each.mockRestore()));
  expect(await runCli(["job", "list", "--nope", "json"])).toBe(2);
  expect(write).not.toHaveBeenCalled();
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
