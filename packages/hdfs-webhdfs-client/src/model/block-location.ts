// Where the blocks of a file lie, from either of two operations: GETFILEBLOCKLOCATIONS (public, newer servers) and
// GET_BLOCK_LOCATIONS (older, and the only one that tells which HTTP address belongs to which DataNode).
import type { Reply } from "./reply.ts";

/** Replicas of one block. */
export interface HdfsBlockLocation {
  /** Where the block begins in the file. */
  readonly offset: number;
  readonly bytes: number;
  /** Host names of the DataNodes, nearest first where the server sorts. */
  readonly hosts: readonly string[];
  /** `ip:xferPort` of the same DataNodes: what `excludedatanodes` wants. */
  readonly names: readonly string[];
  /** `/rack/ip:xferPort` of the same DataNodes. */
  readonly topologyPaths: readonly string[];
  readonly cachedHosts: readonly string[];
  readonly storageTypes: readonly string[];
  readonly corrupt: boolean;
}

/** One replica's DataNode with all its addresses. */
export interface DataNodeAddress {
  readonly host: string;
  readonly ip: string;
  /** HTTP port, the one in redirects; `secureInfoPort` for HTTPS, 0 if none. */
  readonly infoPort: number;
  readonly secureInfoPort: number;
  /** Data transfer port: `ip:xferPort` names the DataNode in `excludedatanodes`. */
  readonly xferPort: number;
  readonly networkLocation: string;
}

/** A block with what is needed to find its file on a DataNode's disk. */
export interface LocatedBlock {
  readonly offset: number;
  readonly bytes: number;
  readonly blockPoolId: string;
  /** Above 2^53 (erasure coding: negative ids of 64 bits) the number is not exact. */
  readonly blockId: number;
  readonly generationStamp: number;
  readonly corrupt: boolean;
  readonly storageTypes: readonly string[];
  readonly dataNodes: readonly DataNodeAddress[];
}

/** All blocks of a file, or of a range of it. */
export interface LocatedBlocks {
  readonly fileBytes: number;
  readonly underConstruction: boolean;
  readonly blocks: readonly LocatedBlock[];
}

/** Read `{"BlockLocations":{"BlockLocation":[…]}}`. */
export function readBlockLocations(reply: Reply): readonly HdfsBlockLocation[] {
  return reply
    .get("BlockLocations")
    .get("BlockLocation")
    .items()
    .map((block) => ({
      offset: block.get("offset").number(),
      bytes: block.get("length").number(),
      hosts: block.get("hosts").strings(),
      names: block.find("names")?.strings() ?? [],
      topologyPaths: block.find("topologyPaths")?.strings() ?? [],
      cachedHosts: block.find("cachedHosts")?.strings() ?? [],
      storageTypes: block.find("storageTypes")?.strings() ?? [],
      corrupt: block.find("corrupt")?.boolean() ?? false,
    }));
}

function readDataNodeAddress(reply: Reply): DataNodeAddress {
  return {
    host: reply.get("hostName").string(),
    ip: reply.get("ipAddr").string(),
    infoPort: reply.find("infoPort")?.number() ?? 0,
    secureInfoPort: reply.find("infoSecurePort")?.number() ?? 0,
    xferPort: reply.get("xferPort").number(),
    networkLocation: reply.find("networkLocation")?.string() ?? "/default-rack",
  };
}

/** Read `{"LocatedBlocks":{…}}`. */
export function readLocatedBlocks(reply: Reply): LocatedBlocks {
  const all = reply.get("LocatedBlocks");
  return {
    fileBytes: all.get("fileLength").number(),
    underConstruction: all.find("isUnderConstruction")?.boolean() ?? false,
    blocks: (all.find("locatedBlocks")?.items() ?? []).map((located) => {
      const block = located.get("block");
      return {
        offset: located.get("startOffset").number(),
        bytes: block.get("numBytes").number(),
        blockPoolId: block.get("blockPoolId").string(),
        blockId: block.get("blockId").number(),
        generationStamp: block.get("generationStamp").number(),
        corrupt: located.find("isCorrupt")?.boolean() ?? false,
        storageTypes: located.find("storageTypes")?.strings() ?? [],
        dataNodes: located.get("locations").items().map(readDataNodeAddress),
      };
    }),
  };
}

/** The same locations in the shape of the public operation. */
export function blockLocationsOf(located: LocatedBlocks): readonly HdfsBlockLocation[] {
  return located.blocks.map((block) => {
    const names = block.dataNodes.map((node) => `${node.ip}:${node.xferPort}`);
    return {
      offset: block.offset,
      bytes: block.bytes,
      hosts: block.dataNodes.map((node) => node.host),
      names,
      topologyPaths: block.dataNodes.map((node, index) => `${node.networkLocation}/${names[index] ?? ""}`),
      cachedHosts: [],
      storageTypes: block.storageTypes,
      corrupt: block.corrupt,
    };
  });
}
