// The version of this copy, as its package.json has it.

import { readFileSync } from "node:fs";

/** Give the version of Millrace. */
export function millraceVersion(): string {
  const text = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { readonly version: string }).version;
}
