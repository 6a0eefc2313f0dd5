// Operations on the server itself, and delegation tokens.
import type { ClientContext } from "../calls/client-context.ts";
import { askForDone, askForReply } from "../calls/read-reply.ts";
import type { Reply } from "../model/reply.ts";
import { readFileSystemStatus, readServerDefaults } from "../model/usage.ts";
import type { ServerOperations } from "./operation-groups.ts";

const pathOf = (reply: Reply): string => reply.get("Path").string();

/** Make the operations on the server. */
export function serverOperations(context: ClientContext): ServerOperations {
  const path = "/";
  return {
    homeDirectory: (options) => askForReply(context, { operation: "GETHOMEDIRECTORY", path, ...options }, pathOf),
    trashRoot: (of, options) => askForReply(context, { operation: "GETTRASHROOT", path: of, ...options }, pathOf),
    serverDefaults: (options) =>
      askForReply(context, { operation: "GETSERVERDEFAULTS", path, ...options }, readServerDefaults),
    fileSystemStatus: (options) =>
      askForReply(context, { operation: "GETSTATUS", path, ...options }, readFileSystemStatus),
    getDelegationToken: (renewer, options) =>
      askForReply(context, { operation: "GETDELEGATIONTOKEN", path, query: { renewer }, ...options }, (reply) =>
        reply.find("Token")?.get("urlString").string(),
      ),
    renewDelegationToken: (token, options) =>
      askForReply(context, { operation: "RENEWDELEGATIONTOKEN", path, query: { token }, ...options }, (reply) =>
        reply.get("long").number(),
      ),
    cancelDelegationToken: (token, options) =>
      askForDone(context, { operation: "CANCELDELEGATIONTOKEN", path, query: { token }, ...options }),
  };
}
