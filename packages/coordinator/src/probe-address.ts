// A look whether anybody listens at an address: a refused port proves that its process is gone, silence proves nothing.

import { connect } from "node:net";
import { limits } from "@millrace/core";
import { parseHostPort } from "@millrace/rpc/endpoint";

/** What a look found. */
export type ProbeAnswer = "alive" | "refused" | "unknown";

/** Try to connect. Never rejects: of an address that is none nothing can be known, and it came from a worker. */
export async function probeAddress(address: string): Promise<ProbeAnswer> {
  return new Promise((resolve) => {
    const end = (answer: ProbeAnswer): void => {
      socket?.destroy();
      resolve(answer);
    };
    let socket: ReturnType<typeof connect> | undefined;
    try {
      socket = connect(parseHostPort(address));
    } catch {
      return end("unknown");
    }
    socket.setTimeout(limits.probeTimeoutMs);
    socket.once("connect", () => end("alive"));
    socket.once("timeout", () => end("unknown"));
    socket.once("error", (error: NodeJS.ErrnoException) => end(error.code === "ECONNREFUSED" ? "refused" : "unknown"));
  });
}
