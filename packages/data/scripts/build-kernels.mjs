// Compiles the modules of kernels (AssemblyScript, kernels/*.ts) to kernels/<module>.wasm, and writes the same bytes as a
// text of the package's source, so that no file is read to have them.
//
//   node scripts/build-kernels.mjs [--check]      --check: nothing is written; fails when what is there is not what it makes
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { main } from "assemblyscript/asc";

const folder = new URL("../", import.meta.url);

/** Modules, and where each has its data, in the order of places: all work in one memory. */
const modules = [
  { name: "text", memoryBase: 1024 },
  { name: "queue", memoryBase: 12_288 },
  { name: "aggregate", memoryBase: 16_384 },
  { name: "runs", memoryBase: 40_960 },
  { name: "samples", memoryBase: 53_248 },
  { name: "cuts", memoryBase: 55_296 },
  { name: "patterns", memoryBase: 57_344 },
];
/** From here on blocks of arguments lie: src/memory/kernel-memory.ts. */
const dataEndMax = 61_440;

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

/** Where the last data of a module ends, 0 without any: it is put there when the module is made, whatever lies there. */
function dataEndOf(wasm) {
  let at = 8;
  // Whole numbers, 7 bits a byte, lowest first. Places are below 2^31, whose signed form is read the same way.
  const number = () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = wasm[at++];
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
  };
  const dataSection = 11;
  const constant = 0x41;
  while (at < wasm.length) {
    const section = wasm[at++];
    const bytes = number();
    if (section !== dataSection) {
      at += bytes;
      continue;
    }
    let last = 0;
    for (let count = number(); count > 0; count--) {
      if (number() !== 0 || wasm[at++] !== constant)
        throw new Error("Cannot tell where data lies: its place is no constant");
      const place = number();
      // The end of the place's expression.
      at++;
      const length = number();
      at += length;
      last = Math.max(last, place + length);
    }
    return last;
  }
  return 0;
}

/** @throws when data would lie where those of the next module do. */
function checkPlace(index, wasm) {
  const { name } = modules[index];
  const [end, next] = [dataEndOf(wasm), modules[index + 1]?.memoryBase ?? dataEndMax];
  if (end > next)
    throw new Error(
      `Cannot place the kernels "${name}": their data ends at ${end}, behind ${next}; give them another memoryBase`,
    );
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

for (const [index, module] of modules.entries()) {
  const { name } = module;
  const wasm = await compile(module);
  checkPlace(index, wasm);
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
