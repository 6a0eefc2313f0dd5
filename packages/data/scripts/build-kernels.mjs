// Compiles the modules of kernels (AssemblyScript, kernels/*.ts) to kernels/<module>.wasm, and writes the same bytes as a
// text of the package's source, so that no file is read to have them.
//
//   node scripts/build-kernels.mjs [--check]      --check: nothing is written; fails when what is there is not what it makes
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { main } from "assemblyscript/asc";

const folder = new URL("../", import.meta.url);

/** Modules, and where each has its data: all work in one memory, below 60 KiB. */
const modules = [
  { name: "text", memoryBase: 1024 },
  { name: "queue", memoryBase: 12_288 },
  { name: "aggregate", memoryBase: 16_384 },
  { name: "runs", memoryBase: 40_960 },
  { name: "samples", memoryBase: 53_248 },
  { name: "patterns", memoryBase: 57_344 },
  { name: "cuts", memoryBase: 61_184 },
];

/** Compile. The memory is the host's: shared, so that V8 does not count it as its heap's, and never grown. */
async function compile({ name, memoryBase }) {
  let wasm;
  const options = [
    [`${name}.ts`, "--baseDir", fileURLToPath(new URL("kernels", folder)), "--outFile", `${name}.wasm`],
    ["-O3", "--converge", "--noAssert", "--runtime", "stub", "--enable", "simd,threads,bulk-memory"],
    ["--importMemory", "--sharedMemory", "--initialMemory", "1", "--maximumMemory", "65536"],
    ["--memoryBase", String(memoryBase)],
  ].flat();
  const { error, stderr } = await main(options, {
    writeFile: (_file, contents) => {
      wasm = contents;
    },
  });
  if (error === null && wasm !== undefined) return Buffer.from(wasm);
  throw new Error(`Cannot compile the kernels "${name}": ${new TextDecoder().decode(stderr.toBuffer())}`, {
    cause: error,
  });
}

/** A module as a text, in lines that a tool can show. */
function codeOf(name, wasm) {
  const lines = wasm.toString("base64").match(/.{1,110}/gu) ?? [];
  return `// The kernels of kernels/${name}.ts, compiled: made by \`npm run kernels\`, checked by \`npm run check:kernels\`.

/** The WebAssembly module in base 64. */
export const ${name}Code: string = [
${lines.map((line) => `  "${line}",\n`).join("")}].join("");
`;
}

for (const module of modules) {
  const { name } = module;
  const wasm = await compile(module);
  const code = codeOf(name, wasm);
  const wasmFile = new URL(`kernels/${name}.wasm`, folder);
  const codeFile = new URL(`src/kernel/${name}-code.ts`, folder);
  if (!process.argv.includes("--check")) {
    writeFileSync(wasmFile, wasm);
    writeFileSync(codeFile, code);
    console.log(`kernels: ${name}, ${wasm.length} bytes`);
  } else if (!readFileSync(wasmFile).equals(wasm) || readFileSync(codeFile, "utf8") !== code) {
    console.error(`The committed kernels "${name}" are not what kernels/*.ts compiles to; run: npm run kernels`);
    process.exit(1);
  }
}
