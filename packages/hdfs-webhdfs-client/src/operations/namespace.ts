// Operations on names: what is there, and making, moving and removing it.
import type { QueryValues } from "../address/encode-path.ts";
import type { ClientContext } from "../calls/client-context.ts";
import { ifKnown } from "../calls/if-known.ts";
import { askStatus } from "../calls/read-range.ts";
import { askForDone, askForReply } from "../calls/read-reply.ts";
import { renameWithOptions } from "../calls/rename-with-options.ts";
import { isWebHdfsError } from "../errors/web-hdfs-error.ts";
import { type HdfsFileStatus, readFileStatuses } from "../model/file-status.ts";
import { octal, withoutUmask } from "../model/permission.ts";
import type { Reply } from "../model/reply.ts";
import { readContentSummary, readQuotaUsage } from "../model/usage.ts";
import type { CallOptions, NamespaceOperations } from "./operation-groups.ts";
import type { OperationName } from "./operation-table.ts";

const isTrue = (reply: Reply): boolean => reply.get("boolean").boolean();

/** Make the operations on names. */
export function namespaceOperations(context: ClientContext): NamespaceOperations {
  const ask = <T>(
    operation: OperationName,
    path: string,
    call: {
      readonly query?: QueryValues;
      readonly options?: CallOptions | undefined;
      readonly read: (reply: Reply) => T;
    },
  ): Promise<T> =>
    askForReply(context, { operation, path, query: call.query, signal: call.options?.signal }, call.read);
  const done = (operation: OperationName, path: string, query: QueryValues, options?: CallOptions): Promise<void> =>
    askForDone(context, { operation, path, query, signal: options?.signal });
  const accessRefusal: NamespaceOperations["accessRefusal"] = async (path, action, options) => {
    try {
      await done("CHECKACCESS", path, { fsaction: action }, options);
      return undefined;
    } catch (error) {
      if (isWebHdfsError(error, { exception: "AccessControlException" })) return error;
      throw error;
    }
  };
  return {
    status: (path, options) => askStatus(context, path, options?.signal),
    maybeStatus: async (path, options) => {
      try {
        return await askStatus(context, path, options?.signal);
      } catch (error) {
        if (isWebHdfsError(error, { exception: "FileNotFoundException" })) return undefined;
        throw error;
      }
    },
    list: (path, options) => ask("LISTSTATUS", path, { options, read: readFileStatuses }),
    listPages: (path, options = {}) => listPages(context, path, options),
    mkdirs: (path, options = {}) => {
      const permission = options.permission ?? withoutUmask(0o777, context.options.umask);
      const query = { permission: octal(permission), unmaskedpermission: octal(options.permission ?? 0o777) };
      return ask("MKDIRS", path, { query, options, read: isTrue });
    },
    rename: async (path, destination, options = {}) => {
      const { renameOptions } = options;
      if (renameOptions === undefined)
        return await ask("RENAME", path, { query: { destination }, options, read: isTrue });
      const query = { destination, renameoptions: renameOptions.join(",") };
      await renameWithOptions(context, { operation: "RENAME", path, query, signal: options.signal });
      return true;
    },
    delete: (path, options = {}) =>
      ask("DELETE", path, { query: { recursive: options.recursive ?? false }, options, read: isTrue }),
    contentSummary: (path, options) => ask("GETCONTENTSUMMARY", path, { options, read: readContentSummary }),
    quotaUsage: (path, options) => ask("GETQUOTAUSAGE", path, { options, read: readQuotaUsage }),
    setQuota: (path, options) =>
      done("SETQUOTA", path, { namespacequota: options.nameQuota, storagespacequota: options.spaceQuota }, options),
    createSymlink: (path, destination, options) => done("CREATESYMLINK", path, { destination }, options),
    checkAccess: async (path, action, options) => (await accessRefusal(path, action, options)) === undefined,
    accessRefusal,
  };
}

async function* listPages(
  context: ClientContext,
  path: string,
  options: CallOptions & { readonly startAfter?: string },
): AsyncGenerator<readonly HdfsFileStatus[], void> {
  const { signal } = options;
  let startAfter = options.startAfter;
  for (;;) {
    // Lower case: since 3.5 names of parameters are case-sensitive, before they were made lower case.
    const call = { operation: "LISTSTATUS_BATCH", path, query: { startafter: startAfter }, signal } as const;
    const page = await ifKnown(context, call.operation, () => askForReply(context, call, readPage));
    // HttpFS ignores where to begin, and gives all at once; a server that did so with pages would repeat its first.
    const entries = page === undefined ? [] : entriesAfter(page.entries, startAfter);
    if (page === undefined || (entries.length === 0 && page.remaining > 0)) {
      const all = await askForReply(context, { operation: "LISTSTATUS", path, signal }, readFileStatuses);
      yield entriesAfter(all, startAfter);
      return;
    }
    yield entries;
    if (page.remaining <= 0) return;
    startAfter = entries.at(-1)?.pathSuffix;
  }
}

function readPage(reply: Reply): { readonly entries: readonly HdfsFileStatus[]; readonly remaining: number } {
  const listing = reply.get("DirectoryListing");
  const entries = readFileStatuses(listing.get("partialListing"));
  return { entries, remaining: listing.get("remainingEntries").number() };
}

function entriesAfter(entries: readonly HdfsFileStatus[], startAfter: string | undefined): readonly HdfsFileStatus[] {
  if (startAfter === undefined) return entries;
  return entries.filter(({ pathSuffix }) => comesAfter(pathSuffix, startAfter));
}

/** Order of names in HDFS: by their bytes in UTF-8. */
function comesAfter(name: string, startAfter: string): boolean {
  return Buffer.compare(Buffer.from(name, "utf8"), Buffer.from(startAfter, "utf8")) > 0;
}
