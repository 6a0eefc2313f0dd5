// House rules that a machine can hold: layers, purity, sizes, words. Each test names the file and line to mend.
import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const tracked = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
  cwd: root,
  encoding: "utf8",
})
  .split("\n")
  .filter((name) => name !== "");
const read = (name: string): string => {
  try {
    return readFileSync(join(root, name), "utf8");
  } catch {
    return ""; // listed by git, deleted in the work tree
  }
};
const sources = tracked.filter(
  (name) => name.endsWith(".ts") && !name.startsWith("packages/wire/src/gen/") && !name.endsWith(".d.ts"),
);
const production = sources.filter((name) => /^packages\/[^/]+\/src\//.test(name));
/** Sources of another compiler, which neither the formatter nor the linter reads. */
const kernels = sources.filter((name) => name.startsWith("packages/data/kernels/"));

interface PackageJson {
  readonly name: string;
  readonly layer: number;
  readonly dependencies?: Readonly<Record<string, string>>;
}
const packages = readdirSync(join(root, "packages")).map((folder) => ({
  folder,
  json: JSON.parse(read(`packages/${folder}/package.json`)) as PackageJson,
}));

/** Find lines that match, as `file:line: text`, so that a failing test says where to look. */
function offenders(names: readonly string[], pattern: RegExp): readonly string[] {
  return names.flatMap((name) =>
    read(name)
      .split("\n")
      .flatMap((line, index) => (pattern.test(line) ? [`${name}:${index + 1}: ${line.trim()}`] : [])),
  );
}

const withoutComments = (line: string): string => line.replace(/\/\/.*$/, "").replace(/\/?\*.*$/, "");

describe("layers", () => {
  const layerOf = new Map(packages.map(({ json }) => [json.name, json.layer]));

  it("every dependency on a package of ours points to a lower layer", () => {
    const wrong = packages.flatMap(({ json }) =>
      Object.keys(json.dependencies ?? {})
        .filter((name) => layerOf.has(name) && (layerOf.get(name) ?? 0) >= json.layer)
        .map((name) => `${json.name} (${json.layer}) -> ${name} (${layerOf.get(name)})`),
    );
    expect(wrong).toEqual([]);
  });

  it("every import of a package of ours is declared in package.json", () => {
    const wrong = packages.flatMap(({ folder, json }) => {
      const declared = new Set([json.name, ...Object.keys(json.dependencies ?? {})]);
      return production
        .filter((name) => name.startsWith(`packages/${folder}/src/`))
        .flatMap((name) =>
          [...read(name).matchAll(/^(?:import|export)[^;]*?from "(@millrace\/[a-z-]+|millrace)/gm)]
            .map((match) => match[1] ?? "")
            .filter((imported) => !declared.has(imported))
            .map((imported) => `${name} imports ${imported}`),
        );
    });
    expect(wrong).toEqual([]);
  });

  it("every dependency has its line in ARCHITECTURE.md", () => {
    const page = read("ARCHITECTURE.md");
    const names = [
      read("package.json"),
      ...packages.map(({ folder }) => read(`packages/${folder}/package.json`)),
    ].flatMap((text) => {
      const { dependencies = {}, devDependencies = {} } = JSON.parse(text) as Record<
        "dependencies" | "devDependencies",
        Record<string, string> | undefined
      >;
      return Object.keys({ ...dependencies, ...devDependencies });
    });
    const others = names.filter((name) => !layerOf.has(name) && !name.startsWith("@types/"));
    expect(others.length).toBeGreaterThan(10);
    expect(others.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  });

  it("core and data import nothing but themselves", () => {
    const pure = production.filter((name) => /^packages\/(core|data)\//.test(name));
    expect(offenders(pure, /\bfrom "(?!\.)|\bimport\("(?!\.)|\brequire\(/)).toEqual([]);
  });

  it("only main.ts files and the command choose makers for ports", () => {
    const drivers = production.filter((name) => name.endsWith("/driver.ts"));
    expect(drivers.length).toBeGreaterThan(0);
    expect(offenders(drivers, /from "node:|from "@millrace\/(storage|rpc|shuffle|task-host)"/)).toEqual([]);
  });
});

describe("purity of core and data", () => {
  const pure = production.filter((name) => /^packages\/(core|data)\/src\//.test(name));
  const code = (pattern: RegExp): readonly string[] =>
    offenders(pure, pattern).filter((line) => pattern.test(withoutComments(line.slice(line.indexOf(": ") + 2))));

  it("nothing is asynchronous", () => {
    expect(code(/\basync\b|\bawait\b|\bPromise\b/)).toEqual([]);
  });

  it("no clock, no randomness, no locale, no weak references", () => {
    expect(
      code(
        /Date\.now|new Date\b|Math\.random|performance\.|localeCompare|\bIntl\.|toLocale|WeakRef|FinalizationRegistry|structuredClone/,
      ),
    ).toEqual([]);
  });

  it("no order that depends on a comparator's default", () => {
    expect(code(/\.(?:sort|toSorted)\(\)/)).toEqual([]);
  });
});

describe("sizes", () => {
  it("no file is over 500 lines", () => {
    expect(sources.filter((name) => read(name).split("\n").length > 501)).toEqual([]);
  });

  it("no line of a kernel is longer than 128 columns", () => {
    expect(kernels.length).toBeGreaterThan(10);
    expect(offenders(kernels, /^.{129}/)).toEqual([]);
  });

  it("a file opens by saying what it is for", () => {
    const silent = [...production, ...kernels].filter(
      (name) => !name.endsWith("/index.ts") && !/^(?:#!.*\n)?(?:\/\/|\/\*\*?)/.test(read(name)),
    );
    expect(silent).toEqual([]);
  });
});

describe("words", () => {
  it("no file is named after nothing", () => {
    expect(sources.filter((name) => /\/(?:utils?|helpers?|common|misc|types)\.ts$/.test(name))).toEqual([]);
  });

  it("no loose ends, focused or skipped tests", () => {
    const names = sources.filter((name) => !name.startsWith("scripts/test/"));
    expect(offenders(names, /\b(?:TODO|FIXME|XXX|HACK)\b|\b(?:it|describe|test)\.(?:only|skip|todo)\(/)).toEqual([]);
  });

  it("no shell is ever spawned", () => {
    const names = production;
    expect(offenders(names, /\bexec(?:Sync)?\b.*node:child_process|shell: true/)).toEqual([]);
  });

  it("lines are split by our own reader, never by readline", () => {
    expect(offenders(production, /from "(?:node:)?readline/)).toEqual([]);
  });

  it("every failpoint of the list is passed somewhere", () => {
    const code = production
      .filter((name) => !name.endsWith("/failpoint-names.ts"))
      .map(read)
      .join("\n");
    const names = [...read("packages/ports/src/failpoint-names.ts").matchAll(/"([a-z]+\.[A-Za-z]+)"/g)].map(
      (match) => match[1] ?? "",
    );
    expect(names.length).toBeGreaterThan(20);
    // Those of storage calls are put together from the call's kind: see perform-storage-call.ts.
    const passed = (name: string): boolean =>
      code.includes(`"${name}"`) ||
      (name.startsWith("commit.") && code.includes(`"${name.replace(/^commit\.(?:before|after)/, "")}"`));
    expect(names.filter((name) => !passed(name))).toEqual([]);
  });

  it("no path of one machine", () => {
    const names = tracked.filter((name) => !name.endsWith("package-lock.json"));
    expect(
      offenders(names, /(?:^|[^\w.-])\/(?:work|farm)\//).filter((line) => !line.startsWith("scripts/test/tidy")),
    ).toEqual([]);
  });
});
