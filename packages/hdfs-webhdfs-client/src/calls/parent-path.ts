// The directory that a path lies in.

/** @returns the path above; of the root the root. */
export function parentOf(path: string): string {
  return path.slice(0, path.replace(/\/$/u, "").lastIndexOf("/")) || "/";
}
