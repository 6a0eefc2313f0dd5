import { describe, expect, it } from "vitest";
import { createDataNodeTable } from "../../src/calls/data-node-table.ts";

const located = (port: number) => ({
  fileBytes: 1,
  underConstruction: false,
  blocks: [
    {
      offset: 0,
      bytes: 1,
      blockPoolId: "BP",
      blockId: 1,
      generationStamp: 1,
      corrupt: false,
      storageTypes: [],
      dataNodes: [
        { host: "dn1", ip: "10.0.0.1", infoPort: port, secureInfoPort: 9865, xferPort: 9866, networkLocation: "/r" },
      ],
    },
  ],
});

describe("createDataNodeTable()", () => {
  it("finds the transfer address by name, address and either port", () => {
    const table = createDataNodeTable(() => 0, 1000);
    table.learn(located(9864));
    expect(
      ["dn1:9864", "dn1:9865", "10.0.0.1:9864"].map((key) =>
        table.excludeName(key.split(":")[0] ?? "", Number(key.split(":")[1])),
      ),
    ).toEqual(Array(3).fill("10.0.0.1:9866"));
    expect(table.excludeName("dn2", 9864)).toBeUndefined();
  });

  it("suspects for a while, sorted, and a hundred at most", () => {
    let now = 0;
    const table = createDataNodeTable(() => now, 1000);
    table.suspect("10.0.0.2:9866");
    now = 500;
    table.suspect("10.0.0.1:9866");
    expect(table.suspects()).toEqual(["10.0.0.1:9866", "10.0.0.2:9866"]);
    now = 1000;
    expect(table.suspects()).toEqual(["10.0.0.1:9866"]);
    for (let index = 0; index < 200; index += 1) table.suspect(`10.0.1.${index}:9866`);
    expect(table.suspects()).toHaveLength(100);
  });

  it("forgives, and learns that a bare IP stands for too many", () => {
    const table = createDataNodeTable(() => 0, 1000);
    expect(table.forgive()).toBe(false);
    table.suspect("127.0.0.1");
    expect(table.suspects()).toEqual(["127.0.0.1"]);
    expect(table.forgive()).toBe(true);
    table.suspect("127.0.0.1");
    table.suspect("127.0.0.1:9866");
    expect(table.suspects()).toEqual(["127.0.0.1:9866"]);
  });
});
