// A join of 100,000 with 1,000,000 records, a tenth of each of one key, on real processes: what comes out is what a map
// in memory gives, and no task takes more memory than usual. Turned around, the values of that key do not fit.

import { createWriteStream } from "node:fs";
import type { WriteStream } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TestCluster } from "./cluster.ts";
import { startTestCluster } from "./cluster.ts";
import { digestParts, millrace, readParts, scratchDirectory } from "./harness.ts";

const directory = scratchDirectory();
const job = fileURLToPath(new URL("fixtures/skewed-join.ts", import.meta.url));
const usersCount = 100_000;
const hitsCount = 1_000_000;
const hot = "somebody";
/** A slot's memory, its heap's use and what Node takes: a host is killed at 1 GiB. */
const peakBytesMax = 512 * 1024 * 1024;

const userOf = (index: number): string => (index % 10 === 0 ? hot : `user-${index % usersCount}`);
const countryOf = (index: number): string => `country-${index % 200}`;
/** Every user but a few is hit, in no order: 7,919 is prime. */
const hitOf = (index: number): readonly [string, string] => [
  index % 10 === 0 ? hot : `user-${(index * 7_919) % (usersCount * 2)}`,
  `/path/${index}`,
];

async function writeRows(name: string, count: number, row: (index: number) => string): Promise<void> {
  const file: WriteStream = createWriteStream(join(directory.path, name));
  const written = new Promise<void>((resolve, reject) => file.on("finish", resolve).on("error", reject));
  let text = "";
  for (let index = 0; index < count; index += 1) {
    text += row(index);
    if (text.length > 1 << 20) {
      file.write(text);
      text = "";
    }
  }
  file.end(text);
  await written;
}

/** The rows that a map in memory gives, in the order of their keys. */
function expectedRows(): readonly string[] {
  const users = new Map<string, { count: number; country: string; hits: number; characters: number }>();
  for (let index = 0; index < usersCount; index += 1) {
    const user = users.get(userOf(index)) ?? { count: 0, country: countryOf(index), hits: 0, characters: 0 };
    user.count += 1;
    users.set(userOf(index), user);
  }
  for (let index = 0; index < hitsCount; index += 1) {
    const [name, path] = hitOf(index);
    const user = users.get(name);
    if (user === undefined) continue;
    user.hits += 1;
    user.characters += path.length;
  }
  return [...users]
    .filter(([, { hits }]) => hits > 0)
    .map(([name, { count, country, hits, characters }]) => [name, count, country, hits, characters].join("\t"))
    .toSorted();
}

let cluster: TestCluster;
beforeAll(async () => {
  await writeRows("users", usersCount, (index) => `${userOf(index)}\t${countryOf(index)}\n`);
  await writeRows("hits", hitsCount, (index) => `${hitOf(index).join("\t")}\n`);
  cluster = await startTestCluster({ workers: 2, slots: 1 });
});
afterAll(async () => {
  await cluster.stop();
  directory.remove();
});

const inputs = (users: string, hits: string): readonly string[] => [
  "--input",
  `users=${users}`,
  "--input",
  `hits=${hits}`,
];
const shape = ["--reduces", "2", "--split-bytes", "8MiB"];

interface Task {
  readonly stage: number;
  readonly attempts: readonly { readonly peakRssBytes?: number }[];
}

describe("a join of skewed keys", () => {
  it("gives what a map in memory gives, on a cluster within the memory of its tasks", async () => {
    const submitted = await millrace(["submit", job, ...inputs("users", "hits"), "joined", ...shape], {
      cwd: directory.path,
      env: cluster.env,
    });
    expect(submitted.exit, submitted.stderr).toBe(0);
    const rows = readParts(join(directory.path, "joined")).trimEnd().split("\n");
    expect(rows.toSorted()).toEqual(expectedRows());

    const jobs = await millrace(["job", "list", "-o", "json"], { env: cluster.env });
    const [listed] = JSON.parse(jobs.stdout) as readonly { readonly job: string }[];
    const tasks = await millrace(["task", "list", listed?.job ?? "", "-o", "json"], { env: cluster.env });
    const peaks = (JSON.parse(tasks.stdout) as readonly Task[]).flatMap(({ attempts }) =>
      attempts.map(({ peakRssBytes }) => peakRssBytes ?? 0),
    );
    expect(Math.min(...peaks)).toBeGreaterThan(0);
    expect(Math.max(...peaks)).toBeLessThan(peakBytesMax);
  });

  it("gives the same bytes in one process", async () => {
    const run = await millrace(["run", job, ...inputs("users", "hits"), "embedded", ...shape], { cwd: directory.path });
    expect(run.exit, run.stderr).toBe(0);
    expect(digestParts(join(directory.path, "embedded"))).toEqual(digestParts(join(directory.path, "joined")));
  });

  it("fails when the values of a key before the last input do not fit, and says what to do", async () => {
    await writeRows("all", hitsCount, (index) => `${hot}\t${hitOf(index)[1]}\n`);
    const run = await millrace(["submit", job, ...inputs("all", "users"), "large", ...shape], {
      cwd: directory.path,
      env: cluster.env,
    });
    expect(run.exit).toBe(1);
    expect(run.stderr).toContain(`Cannot join the key "${hot}" of job "skewed-join": with its input "users"`);
    expect(run.stderr).toContain("put the input with the most values of one key last");
  });
});
