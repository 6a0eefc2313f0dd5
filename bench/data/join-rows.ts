// Two tables to join: orders, of which a fifth have no customer, and customers, each once. Columns stand between tabs.

import { createRandomStream } from "../../packages/cli/src/gen/random.ts";
import type { LineSource } from "../../packages/cli/src/gen/line-source.ts";
import { generatedLineBytesMax } from "../../packages/cli/src/gen/line-source.ts";
import { append, ascii, writeNumber } from "../../packages/cli/src/gen/write-ascii.ts";

/** Customers are this share of the orders' bytes, so that the smaller side does not fit into a processor's cache. */
export const customersShare = 8;
const customerBytes = 52;
const orderText = ascii("\topen, to be sent by post within the week\t");
const customerText = ascii("\tcustomer of the first hour, pays in time\n");
/** Of 1,280 numbers drawn 1,024 are customers. */
const drawnShare = 1.25;

/** Make orders for `bytes` of them. */
export function createOrdersSource(bytes: number): LineSource {
  const random = createRandomStream(3, 0);
  const numbers = Math.ceil((bytes / customersShare / customerBytes) * drawnShare);
  return {
    fill: (into, offset) => {
      let at = offset;
      while (at + generatedLineBytesMax <= into.length) {
        at = writeNumber(into, at, 1_000_000_000 + Math.floor((random.next() / 2 ** 32) * numbers));
        at = append(into, at, orderText);
        at = writeNumber(into, at, random.next());
        into[at] = 0x0a;
        at += 1;
      }
      return at;
    },
  };
}

/** Make customers, their numbers scattered by going through them in steps. */
export function createCustomersSource(): LineSource {
  let number = 0;
  return {
    fill: (into, offset) => {
      let at = offset;
      for (; at + generatedLineBytesMax <= into.length; number += 1) {
        // Neighbours in groups of four change places: in no order that a reader could use.
        at = writeNumber(into, at, 1_000_000_000 + (number ^ 2));
        at = append(into, at, customerText);
      }
      return at;
    },
  };
}
