// Small text files, whole.

import { storageError } from "@millrace/ports";
import type { NewFileOptions, Storage } from "@millrace/ports";

/** Read a UTF-8 file whole; wrong bytes become U+FFFD. @throws {MillraceError} E_STORAGE when it is missing or longer than `bytesMax`. */
export async function readText(storage: Storage, uri: string, bytesMax: number): Promise<string> {
  const reader = await storage.open(uri);
  try {
    const { bytes } = reader.status;
    if (bytes > bytesMax)
      throw storageError("invalid", { act: "read", uri, because: `it has ${bytes} bytes, more than ${bytesMax}` });
    const content = new Uint8Array(bytes);
    const filled = await reader.read(0, content);
    return new TextDecoder().decode(content.subarray(0, filled));
  } finally {
    await reader.close();
  }
}

/** Write a UTF-8 file whole; it appears when it is complete. */
export async function writeText(
  storage: Storage,
  uri: string,
  file: { readonly text: string; readonly replace: boolean; readonly durable: boolean } & NewFileOptions,
): Promise<void> {
  const { text, ...options } = file;
  const writer = await storage.create(uri, options);
  try {
    await writer.write(new TextEncoder().encode(text));
    await writer.close();
  } catch (thrown) {
    await writer.abort();
    throw thrown;
  }
}
