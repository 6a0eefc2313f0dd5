// Operations on owner, mode, times, replication and extended attributes.
import type { QueryValues } from "../address/encode-path.ts";
import type { ClientContext } from "../calls/client-context.ts";
import { askForDone, askForReply } from "../calls/read-reply.ts";
import { octal } from "../model/permission.ts";
import { encodeXAttr, readXAttrNames, readXAttrs } from "../model/xattrs.ts";
import type { AttributeOperations, CallOptions } from "./operation-groups.ts";
import type { OperationName } from "./operation-table.ts";

/** Make the operations on attributes. */
export function attributeOperations(context: ClientContext): AttributeOperations {
  const done = (operation: OperationName, path: string, query: QueryValues, options?: CallOptions): Promise<void> =>
    askForDone(context, { operation, path, query, signal: options?.signal });
  return {
    setPermission: (path, permission, options) =>
      done("SETPERMISSION", path, { permission: octal(permission) }, options),
    setOwner: (path, { owner, group }, options) => done("SETOWNER", path, { owner, group }, options),
    setTimes: (path, { modifiedMs, accessedMs }, options) =>
      // -1 leaves a time as it is.
      done("SETTIMES", path, { modificationtime: modifiedMs ?? -1, accesstime: accessedMs ?? -1 }, options),
    setReplication: (path, replication, options) =>
      askForReply(context, { operation: "SETREPLICATION", path, query: { replication }, ...options }, (reply) =>
        reply.get("boolean").boolean(),
      ),
    getXAttrs: (path, names = [], options = {}) => {
      const query = { encoding: "hex", "xattr.name": names };
      return askForReply(context, { operation: "GETXATTRS", path, query, ...options }, (reply) => readXAttrs(reply));
    },
    listXAttrs: (path, options) => askForReply(context, { operation: "LISTXATTRS", path, ...options }, readXAttrNames),
    setXAttr: (path, name, value, options = {}) => {
      const query = { "xattr.name": name, "xattr.value": encodeXAttr(value), flag: options.flag ?? "CREATE,REPLACE" };
      return done("SETXATTR", path, query, options);
    },
    removeXAttr: (path, name, options) => done("REMOVEXATTR", path, { "xattr.name": name }, options),
  };
}
