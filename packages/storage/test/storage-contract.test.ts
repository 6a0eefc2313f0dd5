import { createMemoryStorage, storageContract } from "@millrace/ports";
import { describe, it } from "vitest";
import { faultyStorage } from "../src/faulty-storage.ts";
import { uriOfPath } from "../src/file-uris.ts";
import { createLocalStorage } from "../src/local-storage.ts";
import { createStorages } from "../src/storage-registry.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

describe("createLocalStorage()", () => {
  it.each(storageContract)("$name", ({ run }) => run(createLocalStorage(), uriOfPath(temporaryDirectory())));
});

describe("faultyStorage() without faults", () => {
  const none = () => undefined;
  it.each(storageContract)("$name", ({ run }) =>
    run(faultyStorage(createLocalStorage(), none), uriOfPath(temporaryDirectory())),
  );
});

describe("createStorages()", () => {
  it.each(storageContract)("$name", async ({ run }) => {
    const memory = createMemoryStorage();
    await memory.makeDirectory("mem:///base");
    await run(createStorages([createLocalStorage(), memory]), "mem:///base");
  });
});
