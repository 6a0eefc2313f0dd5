// The shipped jobs, for whoever lists or submits them. The job files themselves are loaded by task hosts.

export { type ShippedJob, shippedJobs } from "./shipped-jobs.ts";
