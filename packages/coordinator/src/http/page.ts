// The files of the plain page, read once.

import { readFile } from "node:fs/promises";

const types = {
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
} as const;
const directory = new URL("../page/", import.meta.resolve("@millrace/coordinator"));
const cache = new Map<string, Promise<Buffer<ArrayBuffer>>>();

/** Names of the page's files. */
export type PageFile = "index.html" | "page.js" | "page.css";

/** Give a file of the page and its type. */
export async function readPage(file: PageFile): Promise<{ readonly body: Buffer<ArrayBuffer>; readonly type: string }> {
  const reading = cache.get(file) ?? readFile(new URL(file, directory));
  cache.set(file, reading);
  const ending = file.slice(file.lastIndexOf(".") + 1) as keyof typeof types;
  return { body: await reading, type: types[ending] };
}
