// Where a daemon can listen again: on the port that it had, unless another process took it while the daemon was away.

import { once } from "node:events";
import { createServer } from "node:net";
import { parseHostPort, printHostPort } from "@millrace/rpc/endpoint";

/** Give the address as it is, or with port 0, for any free one, when another process listens there. */
export async function freeAddress(address: string): Promise<string> {
  const { host, port } = parseHostPort(address);
  try {
    const probe = createServer().listen(port, host);
    await once(probe, "listening");
    await probe[Symbol.asyncDispose]();
    return address;
  } catch (thrown) {
    // Whatever else is wrong with it the daemon says itself.
    return (thrown as NodeJS.ErrnoException).code === "EADDRINUSE" ? printHostPort({ host, port: 0 }) : address;
  }
}
