// What a system says when a disk, or a user's share of it, is full.

/** Whether an error of the system is that of a full disk. */
export function isFullDisk(thrown: unknown): boolean {
  return thrown instanceof Error && "code" in thrown && (thrown.code === "ENOSPC" || thrown.code === "EDQUOT");
}
