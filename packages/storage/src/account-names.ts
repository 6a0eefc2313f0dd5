// Names of this machine's users and groups, from the files that list them; an account that these do not know, as of a
// directory service, is shown by its number.

import { readFileSync } from "node:fs";

/** Gives the name of a number, or the number as text. */
export type AccountName = (id: number) => string;

/** Make the names of `/etc/passwd` or `/etc/group`. The file is read when the first name is wanted. */
export function createAccountNames(file: string): AccountName {
  let names: ReadonlyMap<number, string> | undefined;
  return (id) => {
    names ??= readAccounts(file);
    return names.get(id) ?? String(id);
  };
}

/** Read lines `name:password:id:…`; the first of two with one number counts, as for the C library. */
function readAccounts(file: string): ReadonlyMap<number, string> {
  const names = new Map<number, string>();
  for (const line of readText(file).split("\n")) {
    const [, name, id] = /^([^:#+-][^:]*):[^:]*:(\d+):/u.exec(line) ?? [];
    if (name !== undefined && !names.has(Number(id))) names.set(Number(id), name);
  }
  return names;
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
