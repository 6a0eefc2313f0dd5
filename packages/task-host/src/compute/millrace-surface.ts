// What `import … from "millrace"` means inside a task host: the same names as the package of that name, which itself
// stands above this one and brings the command line with it.

export * from "@millrace/sdk";
export * from "@millrace/formats";
export { testJob } from "../test-job/test-job.ts";
