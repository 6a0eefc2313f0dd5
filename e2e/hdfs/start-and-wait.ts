// Starts HDFS in the directory that is named, prints the process ids of its servers as JSON, and waits to be killed: what
// a test run is that dies.

import { fetchJars, findTools, startHdfs } from "@millrace/local-hdfs";

const directory = process.argv[2];
if (directory === undefined) throw new Error("name a directory");
const found = findTools(process.env);
if (found.kind === "missing") throw new Error(found.reason);
const hdfs = await startHdfs({ tools: found.tools, jars: await fetchJars(found.tools), directory, dataNodes: 1 });
process.stdout.write(`${JSON.stringify([...hdfs.nameNodes, ...hdfs.dataNodes].map((server) => server.pid()))}\n`);
setInterval(() => undefined, 60_000);
