// Storage for script tests: file lengths by URI, and answers to the calls of jobs as a well-behaved storage gives them.

import type { ListedInput, StorageCall, StorageReply } from "../../../src/index.ts";
import { parseManifest } from "../../../src/index.ts";

/** Files by URI, with text where it matters. */
export class MemoryStorage {
  readonly files = new Map<string, { bytes: number; text?: string }>();
  readonly directories = new Set<string>();
  inputs: readonly ListedInput[] = [];
  parentWritable = true;

  /** Perform a call. */
  perform(call: StorageCall): StorageReply {
    switch (call.kind) {
      case "list-inputs":
        return { kind: "listed-inputs", inputs: this.inputs };
      case "inspect-output":
        return this.#inspect(call.uri);
      case "make-staging":
        this.directories.add(call.uri);
        return { kind: "ok" };
      case "measure":
        return { kind: "measured", bytes: call.uris.map((uri) => this.files.get(uri)?.bytes ?? -1) };
      case "place":
        for (const { from, to } of call.moves) this.#move(from, to);
        return { kind: "ok" };
      case "list-files":
        return { kind: "listed-files", files: this.below(call.uri) };
      case "write-file":
        this.files.set(call.uri, { bytes: new TextEncoder().encode(call.text).length, text: call.text });
        return { kind: "ok" };
      case "publish":
      case "rename":
        return this.#rename(call.from, call.to);
      case "remove":
        for (const uri of this.files.keys())
          if (uri === call.uri || uri.startsWith(`${call.uri}/`)) this.files.delete(uri);
        this.directories.delete(call.uri);
        return { kind: "ok" };
    }
  }

  /** Files below a directory, sorted. */
  below(directory: string): readonly { readonly name: string; readonly bytes: number }[] {
    return [...this.files]
      .filter(([uri]) => uri.startsWith(`${directory}/`))
      .map(([uri, { bytes }]) => ({ name: uri.slice(directory.length + 1), bytes }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  #inspect(uri: string): StorageReply {
    const below = this.below(uri);
    const manifest = parseManifest(this.files.get(`${uri}/_SUCCESS`)?.text ?? "");
    const exists = below.length > 0 || this.directories.has(uri);
    const found = manifest === undefined ? {} : { manifestJob: manifest.job };
    return { kind: "inspected", exists, empty: below.length === 0, ...found, parentWritable: this.parentWritable };
  }

  #move(from: string, to: string): void {
    const file = this.files.get(from);
    if (file === undefined) return;
    this.files.delete(from);
    this.files.set(to, file);
  }

  #rename(from: string, to: string): StorageReply {
    const names = this.below(from);
    if (names.length === 0) return { kind: "refused", reason: "missing", message: `${from} is not there` };
    if (this.below(to).length > 0) return { kind: "refused", reason: "exists", message: `${to} exists` };
    for (const { name } of names) this.#move(`${from}/${name}`, `${to}/${name}`);
    return { kind: "ok" };
  }
}
