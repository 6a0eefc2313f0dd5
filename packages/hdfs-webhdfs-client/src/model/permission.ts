// Permission bits. The server has no umask: the client applies it, as Hadoop's own does.

/** Bits as WebHDFS takes them: octal digits. */
export function octal(permission: number): string {
  return permission.toString(8);
}

/** Take the umask's bits away. */
export function withoutUmask(permission: number, umask: number): number {
  return permission & ~umask;
}
