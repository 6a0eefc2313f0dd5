import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: { conditions: ["millrace-source"] },
  ssr: { resolve: { conditions: ["millrace-source"] } },
  test: {
    // A poll ends when it holds: its time only ends what hangs.
    expect: { poll: { timeout: 20_000 } },
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
        // Time-outs only end what hangs: the slowest of these takes 5 s beside another on two cores.
        test: { name, include: [`packages/${name}/test/**/*.test.ts`], testTimeout: 30_000, hookTimeout: 30_000 },
      })),
      {
        extends: true as const,
        test: { name: "bench", include: ["bench/test/**/*.test.ts"], testTimeout: 30_000, hookTimeout: 30_000 },
      },
      {
        extends: true as const,
        test: { name: "tidy", include: ["scripts/test/**/*.test.ts"], testTimeout: 30_000, hookTimeout: 30_000 },
      },
      {
        extends: true as const,
        test: { name: "e2e", include: ["e2e/*.test.ts"], testTimeout: 120_000, hookTimeout: 120_000 },
      },
    ],
  },
});
