// Which server of the name service is believed to be active. All calls of a client share it, so that one failover
// serves all: a call moves on only from the server that failed it.
import { parseServerAddress, type ServerAddress } from "../address/server-address.ts";

/** Servers of one name service. */
export interface NameService {
  readonly servers: readonly ServerAddress[];
  /** Whether one of them has ever answered with anything. */
  readonly known: boolean;
  current(): ServerAddress;
  /** Note an answer, whatever it said. */
  noteAnswer(): void;
  /** Turn to the next server, unless another call has turned already. */
  failover(from: ServerAddress): void;
}

/**
 * @param addresses at least one, as in `WebHdfsClientOptions.nameNodes`
 * @throws {TypeError} for none, or one that is no address
 */
export function createNameService(addresses: readonly string[]): NameService {
  const servers = addresses.map(parseServerAddress);
  const [first] = servers;
  if (first === undefined)
    throw new TypeError('Cannot make a client without name nodes; give "nameNodes" at least one');
  let active = first;
  let known = false;
  return {
    servers,
    get known() {
      return known;
    },
    current: () => active,
    noteAnswer: () => {
      known = true;
    },
    failover: (from) => {
      if (active === from) active = servers[(servers.indexOf(from) + 1) % servers.length] ?? first;
    },
  };
}
