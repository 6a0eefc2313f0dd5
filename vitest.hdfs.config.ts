// Tests against Hadoop's own servers: `npm run test:hdfs`. Apart from `npm test`, as they need Java and Maven.

import { defineConfig } from "vitest/config";
import { FaultReporter } from "./e2e/hdfs/fault-reporter.ts";

export default defineConfig({
  resolve: { conditions: ["millrace-source"] },
  ssr: { resolve: { conditions: ["millrace-source"] } },
  test: {
    globalSetup: ["e2e/hdfs/shared-hdfs.ts"],
    reporters: ["default", new FaultReporter()],
    // Servers, cluster and tests share the cores: one file at a time.
    fileParallelism: false,
    include: ["e2e/hdfs/**/*.test.ts", "packages/hdfs-webhdfs-client/test/contract/**/*.test.ts"],
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
});
