// What all calls of one client share.
import type { Authenticator } from "../auth/authenticator.ts";
import { createAuthenticator } from "../auth/authenticator.ts";
import type { ResolvedOptions } from "../client-options.ts";
import { createConnectionPool } from "../http/connection-pool.ts";
import type { ExchangeTools } from "../http/exchange.ts";
import type { OperationName } from "../operations/operation-table.ts";
import { createNameService, type NameService } from "../retry/name-service.ts";
import { createDataNodeTable, type DataNodeTable } from "./data-node-table.ts";

/** State and tools of one client. */
export interface ClientContext {
  readonly options: ResolvedOptions;
  readonly tools: ExchangeTools;
  readonly nameService: NameService;
  readonly authenticator: Authenticator;
  readonly dataNodes: DataNodeTable;
  /** Operations that the servers were found not to know. */
  readonly unknownOperations: Set<OperationName>;
  /** Data directories of DataNodes on this machine, by `ip:xferPort`. */
  readonly dataDirectories: Map<string, readonly string[]>;
  /** Whether the servers heed the options of RENAME; undefined until it is known. */
  renameOptionsHeeded: boolean | undefined;
}

/** @throws {TypeError} for bad addresses */
export function createContext(options: ResolvedOptions): ClientContext {
  const { clock } = options;
  return {
    options,
    tools: {
      pool: createConnectionPool(options),
      clock,
      connectTimeoutMs: options.connectTimeoutMs,
      idleTimeoutMs: options.idleTimeoutMs,
    },
    nameService: createNameService(options.nameNodes),
    authenticator: createAuthenticator(options),
    dataNodes: createDataNodeTable(() => clock.nowMs(), options.suspectMs),
    unknownOperations: new Set(),
    dataDirectories: new Map(),
    renameOptionsHeeded: undefined,
  };
}
