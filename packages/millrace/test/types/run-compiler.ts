// Runs the real compiler over files that import `millrace` as authors do, with the strictest flags.

import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Root of the workspace. */
export const root = join(dirname(fileURLToPath(import.meta.url)), "../../../..");

/** What the compiler says: for each file, the message of each line that has one, continuation lines joined. */
export type Messages = ReadonlyMap<string, ReadonlyMap<number, string>>;

/**
 * Compile sources together in one run; nothing is emitted.
 *
 * @param sources - by the name of their file, which ends in `.mts`.
 * @param flags - of the compiler, beside the strictest.
 */
export async function compile(
  sources: ReadonlyMap<string, string>,
  flags: Readonly<Record<string, boolean>> = {},
): Promise<Messages> {
  const folder = await mkdtemp(join(tmpdir(), "millrace-compile-"));
  try {
    for (const [name, source] of sources) await writeFile(join(folder, name), source);
    await writeFile(join(folder, "tsconfig.json"), JSON.stringify(configuration(flags)));
    return parseMessages(await runCompiler(folder));
  } finally {
    await rm(folder, { recursive: true });
  }
}

const configuration = (flags: Readonly<Record<string, boolean>>): object => ({
  extends: join(root, "tsconfig.test.json"),
  compilerOptions: {
    ...flags,
    incremental: false,
    typeRoots: [join(root, "node_modules/@types")],
    paths: {
      millrace: [join(root, "packages/millrace/src/index.ts")],
      "@millrace/sdk": [join(root, "packages/sdk/src/index.ts")],
      "@millrace/sdk/engine": [join(root, "packages/sdk/src/engine/index.ts")],
      "@millrace/formats": [join(root, "packages/formats/src/index.ts")],
    },
  },
  include: ["*.mts"],
});

function runCompiler(folder: string): Promise<string> {
  const tsc = join(dirname(createRequire(import.meta.url).resolve("typescript/package.json")), "bin/tsc");
  return new Promise((resolve) => {
    const options = { maxBuffer: 64 * 1024 * 1024 };
    execFile(process.execPath, [tsc, "-p", folder, "--pretty", "false"], options, (_failed, out) => resolve(out));
  });
}

function parseMessages(stdout: string): Messages {
  const messages = new Map<string, Map<number, string>>();
  let file = "";
  let line = 0;
  for (const text of stdout.split("\n")) {
    const place = /([^/\\(]+\.(?:mts|ts))\((\d+),\d+\): error (.*)$/u.exec(text);
    if (place !== null) [file, line] = [place[1] ?? "", Number(place[2])];
    else if (!text.startsWith(" ")) line = 0;
    if (line === 0) continue;
    const lines = messages.get(file) ?? new Map<number, string>();
    lines.set(line, `${lines.get(line) ?? ""}\n${place?.[3] ?? text}`);
    messages.set(file, lines);
  }
  return messages;
}
