// Compiles the kernels (AssemblyScript, kernels/*.ts) to kernels/kernels.wasm, and writes the same bytes as a text of the
// package's source, so that no file is read to have them.
//
//   node scripts/build-kernels.mjs [--check]      --check: nothing is written; fails when what is there is not what it makes
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { main } from "assemblyscript/asc";

const folder = new URL("../", import.meta.url);
const wasmFile = new URL("kernels/kernels.wasm", folder);
const codeFile = new URL("src/kernel/kernel-code.ts", folder);

const options = [
  ["index.ts", "--baseDir", fileURLToPath(new URL("kernels", folder)), "--outFile", "kernels.wasm"],
  ["-O3", "--converge", "--noAssert", "--runtime", "stub", "--enable", "simd,threads,bulk-memory"],
  ["--importMemory", "--sharedMemory", "--initialMemory", "1", "--maximumMemory", "65536", "--memoryBase", "1024"],
].flat();

/**
 * Compile. The memory is the host's: shared, so that V8 does not count it as its heap's, and never grown. The module's
 * data begin after addresses that stand for nothing.
 */
async function compile() {
  let wasm;
  const { error, stderr } = await main(options, {
    writeFile: (name, contents) => {
      if (name === "kernels.wasm") wasm = contents;
    },
  });
  if (error === null && wasm !== undefined) return Buffer.from(wasm);
  throw new Error(`Cannot compile the kernels: ${new TextDecoder().decode(stderr.toBuffer())}`, { cause: error });
}

/** The module as a text, in lines that a tool can show. */
function codeOf(wasm) {
  const lines = wasm.toString("base64").match(/.{1,110}/gu) ?? [];
  return `// The kernels of kernels/*.ts, compiled: made by \`npm run kernels\`, checked by \`npm run check:kernels\`.

/** The WebAssembly module in base 64. */
export const kernelCode: string = [
${lines.map((line) => `  "${line}",\n`).join("")}].join("");
`;
}

const wasm = await compile();
const code = codeOf(wasm);
if (process.argv.includes("--check")) {
  const isSame = readFileSync(wasmFile).equals(wasm) && readFileSync(codeFile, "utf8") === code;
  if (!isSame) {
    console.error("The committed kernels are not what kernels/*.ts compiles to; run: npm run kernels");
    process.exit(1);
  }
} else {
  writeFileSync(wasmFile, wasm);
  writeFileSync(codeFile, code);
  console.log(`kernels: ${wasm.length} bytes`);
}
