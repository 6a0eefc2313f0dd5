import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished, vi } from "vitest";
import { embeddedCluster } from "../../src/embedded/embedded-cluster.ts";

const { startWorker } = vi.hoisted(() => ({ startWorker: vi.fn() }));
vi.mock("@millrace/worker", () => ({ startWorker }));

function stateHome(): string {
  const home = mkdtempSync(join(tmpdir(), "millrace-embedded-"));
  vi.stubEnv("XDG_STATE_HOME", home);
  onTestFinished(() => {
    vi.unstubAllEnvs();
    rmSync(home, { recursive: true });
  });
  return home;
}

it("embeddedCluster() names XDG_STATE_HOME where its directory cannot be made", async () => {
  const home = stateHome();
  writeFileSync(join(home, "millrace"), "");
  await expect(embeddedCluster({ slots: 1 })).rejects.toMatchObject({
    code: "E_CONFIGURATION",
    message: expect.stringMatching(/^Cannot run in ".*\/millrace\/run": .*; set XDG_STATE_HOME to a directory that/),
  });
});

it("embeddedCluster() says that the disk is full, and leaves nothing of the run", async () => {
  const home = stateHome();
  mkdirSync(join(home, "millrace", "run"), { recursive: true });
  const cause = Object.assign(new Error("ENOSPC: no space left on device, write"), {
    code: "ENOSPC",
    syscall: "write",
  });
  startWorker.mockRejectedValueOnce(new Error("Cannot use the work directory", { cause }));
  await expect(embeddedCluster({ slots: 1 })).rejects.toMatchObject({
    code: "E_NO_SPACE",
    message: expect.stringContaining(
      "the disk is full; free space on it, or set XDG_STATE_HOME to a directory on another",
    ),
  });
  expect(readdirSync(join(home, "millrace", "run"))).toEqual([]);
});
