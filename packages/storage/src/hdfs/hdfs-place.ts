// Where a URI of HDFS really points, so that two spellings of one place are known as one: the name service, its default
// file system's empty authority, the RPC or HTTP address of one of its NameNodes.

import type { Place } from "../places.ts";
import { findConfiguration } from "./find-configuration.ts";
import type { HadoopEnvironment } from "./find-configuration.ts";
import type { HadoopConfiguration } from "./hadoop-configuration.ts";
import { parseHdfsUri } from "./hdfs-uris.ts";
import { everyAddress } from "./name-node-addresses.ts";

/** Make what places URIs by the configuration that the environment names, or by the one given. It is read once. */
export function createHdfsPlaces(environment: HadoopEnvironment, given?: HadoopConfiguration): (uri: string) => Place {
  let configuration = given;
  return (uri) => {
    configuration ??= findConfiguration(environment);
    const { scheme, authority, path } = parseHdfsUri(uri);
    return { roots: everyAddress(scheme, authority, configuration), path };
  };
}
