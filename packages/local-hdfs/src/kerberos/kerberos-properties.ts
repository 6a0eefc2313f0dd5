// What a cluster's configuration says when Kerberos guards it: RPC and web alike, block tokens on, and Hadoop's own
// switch for ports that need no root.

import type { Properties } from "../configuration/hadoop-files.ts";

/** Whom a cluster is guarded by. */
export interface KerberosGuard {
  readonly realm: string;
  /** Holds the servers' principal and `HTTP/127.0.0.1`. */
  readonly keytab: string;
  /** The servers' principal without its realm; its first part is the superuser. */
  readonly principal: string;
}

/** Give the properties of `core-site.xml`, which all programs of Hadoop read. */
export function guardedCoreProperties({ keytab }: KerberosGuard): Properties {
  return {
    "hadoop.security.authentication": "kerberos",
    "hadoop.security.authorization": false,
    "hadoop.http.authentication.type": "kerberos",
    "hadoop.http.authentication.kerberos.principal": "*",
    "hadoop.http.authentication.kerberos.keytab": keytab,
  };
}

/** Give the properties of `hdfs-site.xml`. */
export function guardedHdfsProperties({ realm, keytab, principal }: KerberosGuard): Properties {
  return {
    "dfs.web.authentication.kerberos.principal": "*",
    "dfs.web.authentication.kerberos.keytab": keytab,
    "dfs.namenode.kerberos.internal.spnego.principal": "*",
    "dfs.block.access.token.enable": true,
    "ignore.secure.ports.for.testing": true,
    "dfs.http.policy": "HTTP_ONLY",
    ...Object.fromEntries(
      ["namenode", "datanode"].flatMap((kind) => [
        [`dfs.${kind}.kerberos.principal`, `${principal}@${realm}`],
        [`dfs.${kind}.keytab.file`, keytab],
      ]),
    ),
  };
}
