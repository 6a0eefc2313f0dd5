import { describe, expect, it } from "vitest";
import { createMemoryStorage } from "../src/memory-storage.ts";
import { storageContract } from "../src/storage-contract.ts";

describe("createMemoryStorage()", () => {
  it.each(storageContract)("$name", async ({ run }) => {
    const storage = createMemoryStorage();
    await storage.makeDirectory("mem:///base");
    await run(storage, "mem:///base");
  });

  it("works in the root", async () => {
    const storage = createMemoryStorage();
    const writer = await storage.create("mem:///file");
    await writer.close();
    expect((await storage.list("mem:///")).map(({ uri }) => uri)).toEqual(["mem:///file"]);
    expect(await storage.status("mem:///")).toMatchObject({ uri: "mem:///", kind: "directory" });
    await expect(storage.remove("mem:///")).rejects.toMatchObject({
      code: "E_STORAGE",
      details: { reason: "invalid" },
    });
  });

  it("gives the same times for the same steps", async () => {
    const run = async () => {
      const storage = createMemoryStorage();
      for (const name of ["a", "b"]) await (await storage.create(`mem:///${name}`)).close();
      return storage.list("mem:///");
    };
    expect(await run()).toEqual(await run());
  });

  it("keeps what it was given when the caller reuses its bytes", async () => {
    const storage = createMemoryStorage();
    const bytes = new Uint8Array([1, 2]);
    const writer = await storage.create("mem:///file");
    await writer.write(bytes);
    bytes.fill(9);
    await writer.close();
    const into = new Uint8Array(2);
    await (await storage.open("mem:///file")).read(0, into);
    expect([...into]).toEqual([1, 2]);
  });
});
