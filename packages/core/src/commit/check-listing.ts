// The last look before publishing: the data directory holds exactly the manifest's files, to the byte.

import { quote } from "../errors/millrace-error.ts";
import { manifestName } from "./commit-names.ts";
import type { CommitOrder } from "./commit-order.ts";

/** What a listing of the data directory showed. */
export interface ListingCheck {
  /** Files that do not belong there, sorted. They come from interrupted writes: nobody else may write there. */
  readonly strangers: readonly string[];
  /** The first file, by name, that is missing or has another length. */
  readonly fault?: string;
}

/** Compare a listing with the manifest. Linear in files. */
export function checkListing(
  order: CommitOrder,
  files: readonly { readonly name: string; readonly bytes: number }[],
): ListingCheck {
  const found = new Map(files.map(({ name, bytes }) => [name, bytes]));
  const expected = new Map(order.manifest.parts.map(({ name, bytes }) => [name, bytes]));
  expected.set(manifestName, order.manifestBytes);
  const strangers = [...found.keys()].filter((name) => !expected.has(name)).sort();
  for (const [name, bytes] of expected) {
    const bytesFound = found.get(name);
    if (bytesFound === bytes) continue;
    const state = bytesFound === undefined ? "is not there" : `has ${bytesFound} bytes, not ${bytes}`;
    return { strangers, fault: `${quote(name)} ${state}` };
  }
  return { strangers };
}
