import { beforeEach, expect, it, onTestFinished, vi } from "vitest";

beforeEach(() => void vi.resetModules());

/** Watch stdout while a command goes on, let it fail, and give what was said of it with the exit code. */
async function fail(errors: readonly string[], what?: string): Promise<{ said: string; exit: number }> {
  const { exitAfterWrites, outlivePipes, standsWithout, watchStream } = await import("../../src/output/dead-pipe.ts");
  const said: string[] = [];
  const write = vi.spyOn(process.stderr, "write").mockImplementation((text) => said.push(String(text)) > 0);
  const before = process.stdout.listeners("error");
  onTestFinished(() => {
    write.mockRestore();
    for (const listener of process.stdout.listeners("error"))
      if (!before.includes(listener)) process.stdout.off("error", listener as () => void);
  });
  outlivePipes();
  watchStream(process.stdout);
  if (what !== undefined) standsWithout(what);
  for (const code of errors)
    process.stdout.emit("error", Object.assign(new Error(`${code}: refused, write`), { code }));
  return { said: said.join(""), exit: exitAfterWrites(0) };
}

it("watchStream() says once that stdout has no space, and what stands", async () => {
  expect(await fail(["ENOSPC", "ENOSPC"], 'the output in "file:///out" is published')).toEqual({
    said: 'error Cannot write to standard output: no space left on its disk; free space there, or write it elsewhere; the output in "file:///out" is published [E_NO_SPACE]\n',
    exit: 1,
  });
});

it("watchStream() says why else stdout fails", async () => {
  expect(await fail(["EIO"])).toEqual({
    said: "error Cannot write to standard output: EIO: refused, write; write it elsewhere [E_STORAGE]\n",
    exit: 1,
  });
});

it("watchStream() says nothing of a reader that has gone", async () => {
  expect(await fail(["EPIPE"])).toEqual({ said: "", exit: 0 });
});
