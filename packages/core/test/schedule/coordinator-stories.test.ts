// Stories of the coordinator, one file each in testdata. REWRITE=1 prints them anew.
import { readdirSync } from "node:fs";
import { describe } from "vitest";
import { scriptTest } from "../script.ts";
import { makeCoordinatorScript } from "./coordinator/coordinator-script.ts";

const folder = new URL("../testdata/", import.meta.url).pathname;

describe("coordinator stories", () => {
  for (const name of readdirSync(folder)
    .filter((file) => file.startsWith("coordinator-"))
    .sort()) {
    scriptTest(`${folder}${name}`, () => makeCoordinatorScript());
  }
});
