// Generates src/gen from proto/: TypeScript types of every message, and the schema itself as data, so that nothing
// reads .proto files at run time. `node generate.mjs [--out DIR]`; a test compares the outcome with what is committed.
import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import protobuf from "protobufjs";

const here = dirname(fileURLToPath(import.meta.url));
const protoRoot = join(here, "../../../proto");
const files = ["millrace/v1/jobs.proto", "millrace/v1/workers.proto"];
const outAt = process.argv.indexOf("--out");
const out = outAt < 0 ? join(here, "../src/gen") : resolve(process.argv[outAt + 1]);
const generator = join(
  dirname(createRequire(import.meta.url).resolve("@grpc/proto-loader/package.json")),
  "build/bin/proto-loader-gen-types.js",
);

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
const options = [
  "--longs=Number",
  "--enums=String",
  "--defaults",
  "--oneofs",
  "--includeComments",
  "--importFileExtension=.ts",
];
execFileSync(
  process.execPath,
  [generator, "--grpcLib=@grpc/grpc-js", `--outDir=${out}`, ...options, "--includeDirs", ".", "--", ...files],
  {
    // Run beside the files, so that comments name them by their place in the repository.
    cwd: protoRoot,
  },
);

const root = new protobuf.Root();
root.resolvePath = (_origin, target) => join(protoRoot, target);
root.loadSync(files);
const header =
  "// Generated from proto/ by packages/wire/scripts/generate.mjs: the schema of every message and service.\n";
writeFileSync(
  join(out, "schema.ts"),
  `${header}export const schema = ${JSON.stringify(root.toJSON(), undefined, 1)};\n`,
);
