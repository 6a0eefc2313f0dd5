// Block locations in both of their shapes.
import { type FakeDataNode, replicasOf } from "./fake-data-nodes.ts";
import type { FakeFile } from "./fake-inode.ts";

interface Block {
  readonly index: number;
  readonly offset: number;
  readonly bytes: number;
  readonly nodes: readonly FakeDataNode[];
}

function blocksOf(
  nodes: readonly FakeDataNode[],
  file: FakeFile,
  range: { readonly offset: number; readonly length: number },
): readonly Block[] {
  const count = Math.ceil(file.content.length / file.blockBytes);
  const all = Array.from({ length: count }, (_, index) => {
    const offset = index * file.blockBytes;
    const bytes = Math.min(file.blockBytes, file.content.length - offset);
    return { index, offset, bytes, nodes: replicasOf(nodes, file, index).filter((node) => !node.declaredDead) };
  });
  return all.filter(({ offset, bytes }) => offset + bytes > range.offset && offset < range.offset + range.length);
}

/** `BlockLocation` entries of GETFILEBLOCKLOCATIONS. */
export function blockLocationsJson(
  nodes: readonly FakeDataNode[],
  file: FakeFile,
  range: { readonly offset: number; readonly length: number },
): readonly object[] {
  return blocksOf(nodes, file, range).map((block) => {
    const names = block.nodes.map((node) => `${node.ip}:${node.xferPort}`);
    return {
      cachedHosts: [],
      corrupt: false,
      hosts: block.nodes.map((node) => node.host),
      length: block.bytes,
      names,
      offset: block.offset,
      storageTypes: names.map(() => "DISK"),
      topologyPaths: block.nodes.map((node, index) => `${node.rack}/${names[index] ?? ""}`),
    };
  });
}

/** `LocatedBlocks` of GET_BLOCK_LOCATIONS. */
export function locatedBlocksJson(
  nodes: readonly FakeDataNode[],
  file: FakeFile,
  range: { readonly offset: number; readonly length: number },
): object {
  const locatedBlocks = blocksOf(nodes, file, range).map((block) => ({
    block: {
      blockId: 1_073_741_825 + file.id * 1000 + block.index,
      blockPoolId: "BP-1-127.0.0.1-1",
      generationStamp: 1001,
      numBytes: block.bytes,
    },
    blockToken: { urlString: "AAAAAA" },
    cachedLocations: [],
    isCorrupt: false,
    locations: block.nodes.map((node) => ({
      hostName: node.host,
      infoPort: node.scheme === "http" ? node.infoPort : 0,
      infoSecurePort: node.scheme === "https" ? node.infoPort : 0,
      ipAddr: node.ip,
      ipcPort: 9867,
      name: `${node.ip}:${node.xferPort}`,
      networkLocation: node.rack,
      storageID: `DS-${node.index}`,
      xferPort: node.xferPort,
    })),
    startOffset: block.offset,
    storageTypes: block.nodes.map(() => "DISK"),
  }));
  return {
    fileLength: file.content.length,
    isLastBlockComplete: file.writer === undefined,
    isUnderConstruction: file.writer !== undefined,
    locatedBlocks,
  };
}
