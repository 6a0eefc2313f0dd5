// How much of open files is kept in memory, so that a small file can be sent whole, and again. One for all writers of a
// storage: an attempt may have 256 outputs open at once.

const KiB = 1024;
const MiB = 1024 * KiB;

/** Of one file: part files of most jobs are smaller. */
const fileBytesMax = 4 * MiB;
/** Of one file whatever the others keep: 32 MiB for the 256 outputs that an attempt may have. */
const ownBytesMax = 128 * KiB;
/** Of all files together, beyond what each may keep anyway: 64 MiB in all with 256 outputs. */
const sharedBytesMax = 32 * MiB;

/** Share memory among open files. */
export class HeldBytes {
  #shared = 0;

  /**
   * Let a file keep more, if there is room.
   *
   * @param held - bytes that it keeps.
   * @param more - bytes that it has beside them.
   * @returns whether it may; what it keeps is then to be given back.
   */
  take(held: number, more: number): boolean {
    const shared = sharedPart(held + more) - sharedPart(held);
    if (held + more > fileBytesMax || this.#shared + shared > sharedBytesMax) return false;
    this.#shared += shared;
    return true;
  }

  /** Note that a file keeps nothing any more. @param held - bytes that it kept. */
  giveBack(held: number): void {
    this.#shared -= sharedPart(held);
  }
}

function sharedPart(bytes: number): number {
  return Math.max(0, bytes - ownBytesMax);
}
