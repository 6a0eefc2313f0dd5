// The client: operations of one name service.
import type {
  AttributeOperations,
  FileOperations,
  NamespaceOperations,
  ServerOperations,
  SnapshotOperations,
} from "./operations/operation-groups.ts";

/** Talk to one HDFS cluster. Made by `createWebHdfsClient`; safe for any number of calls at a time. */
export interface WebHdfsClient
  extends FileOperations, NamespaceOperations, AttributeOperations, SnapshotOperations, ServerOperations {
  /** Close idle connections and end those in use. */
  close(): void;
}
