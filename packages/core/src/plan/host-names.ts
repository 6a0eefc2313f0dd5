// When two names are one host, as workers and storages call it: a machine often knows itself by its short name, and HDFS
// by its full one.

/**
 * Tell whether two names may be one host: equal but for case, or the one is short and the first label of the other.
 * `dn1` is `dn1.example.org`; `dn1.a.org` is not `dn1.b.org`; addresses are themselves alone.
 */
export function isSameHost(a: string, b: string): boolean {
  const [one, other] = [hostKey(a), hostKey(b)];
  return one === other || firstLabel(one) === other || firstLabel(other) === one;
}

/**
 * Find a host by one of its names: the very name, else the only one that it may be.
 * @returns undefined when there is none, or more than one: `dn1` among `dn1.a.org` and `dn1.b.org` is neither.
 */
export function findHost(name: string, hosts: readonly string[]): string | undefined {
  const exact = hosts.find((host) => hostKey(host) === hostKey(name));
  if (exact !== undefined) return exact;
  const same = hosts.filter((host) => isSameHost(name, host));
  return same.length === 1 ? same[0] : undefined;
}

/** The name as it is compared: DNS minds no case. */
export function hostKey(name: string): string {
  return name.toLowerCase();
}

/** The name before its first dot; an address has none. */
export function firstLabel(name: string): string {
  return isAddress(name) ? name : (name.split(".", 1)[0] ?? name);
}

/** IPv6 holds colons; no top-level domain is a number. */
function isAddress(name: string): boolean {
  return name.includes(":") || /^[\d.]+$/.test(name);
}
