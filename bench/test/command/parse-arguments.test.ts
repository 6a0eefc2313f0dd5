import { expect, test } from "vitest";
import { parseArguments } from "../../command/parse-arguments.ts";

const known = { workloads: ["word-count", "traffic"], peers: ["duckdb", "node"], kernels: ["lines", "search"] };

test("parseArguments() reads a workload with its options", () => {
  const args = ["traffic", "--size", "1GiB", "--peers", "duckdb", "--pairs", "7", "--memory", "2GiB"];
  expect(parseArguments(args, known)).toEqual({
    kind: "measure",
    workloads: ["traffic"],
    options: {
      bytes: 2 ** 30,
      peers: ["duckdb"],
      pairs: 7,
      slowPairs: 7,
      slots: 2,
      deadlineMs: 600_000,
      memoryBytes: 2 ** 31,
      isSmoke: false,
    },
  });
});

test("parseArguments() makes smoke one round of everything beside the plain scripts", () => {
  expect(parseArguments(["smoke"], known)).toMatchObject({
    kind: "measure",
    workloads: ["word-count", "traffic"],
    options: { bytes: 2 ** 25, peers: ["node"], pairs: 1, isSmoke: true },
  });
});

test("parseArguments() knows none, all, and who wants help", () => {
  expect(parseArguments(["traffic", "--peers", "none"], known)).toMatchObject({ options: { peers: [] } });
  expect(parseArguments(["traffic"], known)).toMatchObject({ options: { peers: "all" } });
  expect(parseArguments([], known)).toEqual({ kind: "help" });
  expect(parseArguments(["install-peers", "node"], known)).toEqual({ kind: "install-peers", names: ["node"] });
});

test("parseArguments() takes kernels by name, or all", () => {
  expect(parseArguments(["kernels"], known)).toEqual({ kind: "kernels", names: ["lines", "search"], seed: 1 });
  expect(parseArguments(["kernels", "search", "--json", "k.json", "--seed", "7"], known)).toEqual({
    kind: "kernels",
    names: ["search"],
    seed: 7,
    json: "k.json",
  });
});

test("parseArguments() refuses names that it does not know", () => {
  expect(() => parseArguments(["trafic"], known)).toThrow('Cannot find workload or command "trafic"');
  expect(() => parseArguments(["traffic", "--peers", "duck"], known)).toThrow('Cannot find peer "duck"');
  expect(() => parseArguments(["kernels", "sort"], known)).toThrow('Cannot find kernel "sort"');
});
