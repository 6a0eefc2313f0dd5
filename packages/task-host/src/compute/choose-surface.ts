// Which file a bundle's `millrace` is: the smallest one that has all names that the bundle imports, where the surface has
// been joined in parts. What is not understood at a look takes the whole surface, which is right for every bundle.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** One file of the surface. */
export interface SurfacePart {
  /** Name of the module beside this one, without its ending. */
  readonly file: string;
  readonly names: readonly string[];
}

/** Names that mean the surface. */
export const surfaceNames = ["millrace", "@millrace/sdk", "@millrace/formats"] as const;

const mention = /["'`](?:millrace|@millrace\/(?:sdk|formats))["'`]/g;
const namedImport = /\bimport\s*\{([^{}]*)\}\s*from\s*["'](?:millrace|@millrace\/(?:sdk|formats))["']/g;
const namedItem = /^([A-Za-z_$][\w$]*)(?:\s+as\s+[A-Za-z_$][\w$]*)?$/;

/**
 * Give the names that a module imports of the surface.
 * @returns undefined when it may import others too: by a namespace, by a call, by an export, in a form not known here
 */
export function importedNames(source: string): ReadonlySet<string> | undefined {
  if (/\bimport\s*(?:\/[/*]|\()|\bfrom\s*["'][^"'\n]*\\/.test(source)) return undefined;
  const imports = [...source.matchAll(namedImport)];
  if (imports.length !== [...source.matchAll(mention)].length) return undefined;
  const names = new Set<string>();
  for (const item of imports.flatMap(([, list = ""]) => list.split(","))) {
    const text = item.trim();
    if (text === "") continue;
    const name = namedItem.exec(text)?.[1];
    if (name === undefined) return undefined;
    names.add(name);
  }
  return names;
}

/** Choose the part for a module with this source; undefined means the whole surface. Parts come smallest first. */
export function choosePart(source: string, parts: readonly SurfacePart[]): SurfacePart | undefined {
  const names = parts.length === 0 ? undefined : importedNames(source);
  if (names === undefined) return undefined;
  return parts.find((part) => {
    const has = new Set(part.names);
    return [...names].every((name) => has.has(name));
  });
}

/** Read which parts there are beside a module; none where files are not joined. */
export function readParts(beside: string): readonly SurfacePart[] {
  try {
    return JSON.parse(readFileSync(fileURLToPath(new URL("./surface-parts.json", beside)), "utf8")) as SurfacePart[];
  } catch {
    return [];
  }
}
