import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { createAccountNames } from "../src/account-names.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

it("createAccountNames() gives names of a file, and numbers for all else", () => {
  const file = join(temporaryDirectory(), "passwd");
  writeFileSync(
    file,
    "root:x:0:0:root:/root:/bin/sh\ntoor:x:0:0::/:/bin/sh\n# no:x:5:\n+::::::\nada:x:1000:100::/home/ada:\n",
  );
  const nameOf = createAccountNames(file);
  expect([0, 5, 1000, 1001].map(nameOf)).toEqual(["root", "5", "ada", "1001"]);
  expect(createAccountNames(`${file}.none`)(0)).toBe("0");
});
