import { defineConfig } from "vitest/config";

/** Time-outs only end what hangs: the slowest test takes 10 s of a processor, and a busy machine gives a twelfth of one. */
const unitBounds = { testTimeout: 240_000, hookTimeout: 240_000 };

export default defineConfig({
  resolve: { conditions: ["millrace-source"] },
  ssr: { resolve: { conditions: ["millrace-source"] } },
  test: {
    // A poll ends when it holds: its time only ends what hangs.
    expect: { poll: { timeout: 20_000 } },
    setupFiles: process.env["COUNT_CASES"] === undefined ? [] : ["scripts/count-cases.ts"],
    projects: [
      ...[
        "core",
        "data",
        "hdfs-webhdfs-client",
        "local-hdfs",
        "ports",
        "wire",
        "sdk",
        "formats",
        "storage",
        "rpc",
        "shuffle",
        "task-host",
        "jobs",
        "coordinator",
        "worker",
        "sim",
        "cli",
        "millrace",
      ].map((name) => ({
        extends: true as const,
        test: { name, include: [`packages/${name}/test/**/*.test.ts`], ...unitBounds },
      })),
      {
        extends: true as const,
        test: { name: "bench", include: ["bench/test/**/*.test.ts"], ...unitBounds },
      },
      {
        extends: true as const,
        test: { name: "tidy", include: ["scripts/test/**/*.test.ts"], ...unitBounds },
      },
      {
        extends: true as const,
        test: { name: "e2e", include: ["e2e/*.test.ts"], testTimeout: 240_000, hookTimeout: 240_000 },
      },
    ],
  },
});
