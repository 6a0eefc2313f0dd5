// Ports for servers that must find theirs free again after a restart: drawn below the range from which the system gives
// ports to outgoing connections.

import { createServer } from "node:net";
import { MillraceError } from "@millrace/core";

/** Linux gives 32768 and above to connections; the range is wide enough for several clusters at a time. */
const portMin = 20_000;
const portMax = 31_000;
/** So many taken ports in a row mean that something else is wrong. */
const triesMax = 200;

/** Hands out ports of one address that nobody listens on, each once. */
export class FreePorts {
  readonly #given = new Set<number>();

  /** Give one. @param host address on which it must be free. */
  async take(host: string): Promise<number> {
    for (let count = 0; count < triesMax; count += 1) {
      const port = portMin + Math.floor(Math.random() * (portMax - portMin));
      if (this.#given.has(port) || !(await isFree(host, port))) continue;
      this.#given.add(port);
      return port;
    }
    throw new MillraceError(
      "E_PORT_IN_USE",
      `Cannot find a free port of ${host}: ${triesMax} between ${portMin} and ${portMax} were taken; stop other servers`,
    );
  }
}

async function isFree(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, host, () => server.close(() => resolve(true)));
  });
}
