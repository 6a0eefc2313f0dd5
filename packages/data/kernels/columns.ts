// Cells of columns, 8 bytes a row: a text is its address and its length, 4 bytes each.

/** Put the text from one address up to another into a cell. */
@inline
export function setText(cell: usize, from: usize, to: usize): void {
  store<u64>(cell, <u64>from | ((<u64>(to - from)) << 32));
}

/** Put a text that is missing there: its length is all ones. */
@inline
export function setMissingText(cell: usize): void {
  store<u64>(cell, 0xffff_ffff_0000_0000);
}
