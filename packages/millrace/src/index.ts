// Everything that a job's author needs: `import { defineJob, … } from "millrace"`. A task host maps this name to the
// same things of its own.

export * from "@millrace/sdk";
export * from "@millrace/formats";
export { type TestJobInput, type TestJobResult, testJob } from "@millrace/task-host";
