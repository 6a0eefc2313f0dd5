// The client: operations of one name service, put together from their groups.
import { createContext } from "./calls/client-context.ts";
import { resolveOptions, type WebHdfsClientOptions } from "./client-options.ts";
import { attributeOperations } from "./operations/attributes.ts";
import { fileOperations } from "./operations/file-contents.ts";
import { namespaceOperations } from "./operations/namespace.ts";
import type {
  AttributeOperations,
  FileOperations,
  NamespaceOperations,
  ServerOperations,
  SnapshotOperations,
} from "./operations/operation-groups.ts";
import { serverOperations } from "./operations/server.ts";
import { snapshotOperations } from "./operations/snapshots.ts";

/** Talk to one HDFS cluster. Made by `createWebHdfsClient`; safe for any number of calls at a time. */
export interface WebHdfsClient
  extends FileOperations, NamespaceOperations, AttributeOperations, SnapshotOperations, ServerOperations {
  /** Close idle connections and end those in use. */
  close(): void;
}

/**
 * Make a client for one cluster. Nothing is asked before the first call.
 *
 * @example
 * ```ts
 * const hdfs = createWebHdfsClient({ nameNodes: ["http://nn1:9870", "http://nn2:9870"], auth: { kind: "simple", user: "alice" } });
 * await hdfs.create("/user/alice/greeting.txt", "hello\n", { overwrite: true });
 * for await (const chunk of hdfs.open("/user/alice/greeting.txt")) process.stdout.write(chunk);
 * hdfs.close();
 * ```
 * @throws {TypeError} for an address that is none
 */
export function createWebHdfsClient(options: WebHdfsClientOptions): WebHdfsClient {
  const context = createContext(resolveOptions(options));
  return {
    ...fileOperations(context),
    ...namespaceOperations(context),
    ...attributeOperations(context),
    ...snapshotOperations(context),
    ...serverOperations(context),
    close: () => context.tools.pool.close(),
  };
}
