// Where core and data must agree without knowing each other.

import { vectorDigest } from "@millrace/core";
import { digestVector } from "@millrace/data";
import { array, assert, maxSafeNat, property, record, stringMatching } from "fast-check";
import { expect, test } from "vitest";

test("vectorDigest() of core and digestVector() of data are one function", () => {
  const entry = record({ pairs: maxSafeNat(), rawBytes: maxSafeNat(), digest: stringMatching(/^[0-9a-f]{16}$/) });
  assert(
    property(array(entry, { maxLength: 20 }), (entries) => {
      const vector = {
        pairs: entries.map(({ pairs }) => pairs),
        rawBytes: entries.map(({ rawBytes }) => rawBytes),
        digests: entries.map(({ digest }) => digest),
      };
      expect(vectorDigest(vector)).toBe(digestVector(vector));
    }),
  );
});
