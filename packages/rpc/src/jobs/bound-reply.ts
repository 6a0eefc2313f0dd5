// Replies of lists within the bound of a message: rows have what users give them, such as failures of 8 KiB or 256 files,
// so that no number of rows is always right.

import { limits } from "@millrace/core";
import type { MessageCodec } from "@millrace/wire";
import { methodOf } from "../protocol.ts";

/**
 * Have a reply hold as many of its rows as one message takes, by halves and one at least: who asked for more goes on
 * behind the last. Cost: each reply is serialised once more.
 * @param rows Name of the rows on the wire.
 */
export function boundReply<Reply>(
  method: "List" | "Tasks",
  rows: keyof Reply & string,
  codec: MessageCodec<Reply>,
): MessageCodec<Reply> {
  const { responseSerialize } = methodOf("JobService", method);
  return {
    ...codec,
    encode: (reply) => {
      const message = codec.encode(reply) as Readonly<Record<string, unknown>>;
      let kept = message[rows] as readonly unknown[];
      while (kept.length > 1 && responseSerialize({ ...message, [rows]: kept }).length > limits.messageBytesMax)
        kept = kept.slice(0, Math.floor(kept.length / 2));
      return { ...message, [rows]: kept };
    },
  };
}
