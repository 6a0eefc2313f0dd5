// What a format of files with sync marks says of them, so that a split can begin in the middle: after a header, which names
// the file's own mark, stand sections of records or blocks, with a mark between two of them.

/** How such files are laid out. Made by a format, which gives no code that runs in planning. */
export interface SyncMarkLayout {
  /**
   * Look at a file's first bytes, which stay the caller's.
   *
   * @param isWhole - whether they are all of the file.
   * @returns the file; how many first bytes it takes to tell; or a clause that says what is wrong.
   */
  readonly open: (
    head: Uint8Array,
    isWhole: boolean,
  ) => SyncMarkFile | { readonly needs: number } | { readonly fault: string };
}

/** One file, by its header. */
export interface SyncMarkFile {
  /** The first section begins behind it. */
  readonly headerBytes: number;
  /** 8 to 64 bytes that stand between sections, and by chance nowhere else. */
  readonly mark: Uint8Array;
  /**
   * What becomes of an item that the file's end cuts off: `record` hands it out as a record, which the format's reader
   * refuses; `fault` is an error, as for blocks, which are many records.
   */
  readonly cutItem: "record" | "fault";
  /** Look at the item that begins at `bytes[at]` and is no mark, and say in `item` what it is. */
  readonly take: (bytes: Uint8Array, at: number, item: SyncMarkItem) => void;
}

/** What stands at a place; written by {@link SyncMarkFile.take}, to make no object a record. */
export interface SyncMarkItem {
  /** Set by the reader: whether a mark stands right before. */
  afterMark: boolean;
  /** `short`: it has `needs` bytes, which are not all there. `fault`: `reason` is a clause that says what is wrong. */
  kind: "record" | "block" | "short" | "fault";
  /** Bytes of the item, where it is known to be whole. */
  bytes: number;
  needs: number;
  reason: string;
  /** Records of a block, unpacked. Theirs until the next item. */
  block: SyncMarkBlock | undefined;
}

/** Records out of a block. */
export interface SyncMarkBlock {
  readonly bytes: Uint8Array;
  /** As of a record batch. */
  readonly offsets: Int32Array;
  readonly count: number;
}
