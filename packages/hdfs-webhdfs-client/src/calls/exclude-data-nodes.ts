// Keeping a DataNode that failed out of the next redirect.
import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import type { ExchangeTarget } from "../http/exchange.ts";
import { readLocatedBlocks } from "../model/block-location.ts";
import type { ClientContext } from "./client-context.ts";
import { askForReply } from "./read-reply.ts";

/** The file whose blocks tell the addresses of its DataNodes; undefined for a file that is being made. */
export interface KnownBlocks {
  readonly path: string;
  readonly offset: number;
}

/** `excludedatanodes` for the next request; undefined for none. */
export function excludedNow(context: ClientContext): string | undefined {
  const suspects = context.dataNodes.suspects();
  return suspects.length === 0 ? undefined : suspects.join(",");
}

/**
 * Suspect the DataNode of a redirect. Its name for `excludedatanodes` comes from block locations, of this file if there
 * are any; else its bare IP stands for it. Where neither is known nothing is excluded, and the next try relies on luck.
 */
export async function suspectDataNode(
  context: ClientContext,
  target: ExchangeTarget,
  blocks: KnownBlocks | undefined,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { dataNodes } = context;
  let name = dataNodes.excludeName(target.host, target.port);
  if (name === undefined && blocks !== undefined) {
    await learnAddresses(context, blocks, signal);
    name = dataNodes.excludeName(target.host, target.port);
  }
  name ??= await addressOf(target.host);
  if (name !== undefined) dataNodes.suspect(name);
}

async function learnAddresses(
  context: ClientContext,
  blocks: KnownBlocks,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { path, offset } = blocks;
  try {
    const query = { offset, length: 1 };
    const located = await askForReply(
      context,
      { operation: "GET_BLOCK_LOCATIONS", path, query, signal },
      readLocatedBlocks,
    );
    context.dataNodes.learn(located);
  } catch {
    // Without locations the next request is only less well aimed; the failure that led here is told if that fails too.
    signal?.throwIfAborted();
  }
}

async function addressOf(host: string): Promise<string | undefined> {
  if (isIP(host) !== 0) return host;
  try {
    return (await lookup(host, { family: 4 })).address;
  } catch {
    return undefined; // an unknown name: nothing to exclude it by
  }
}
