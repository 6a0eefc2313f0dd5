// Which URIs name the same place under two spellings. Nothing is looked up in a storage: the text decides, and for HDFS
// its configuration.

/** Where a URI points. */
export interface Place {
  /** What its file system is known by: one that two places share makes it the same. */
  readonly roots: readonly string[];
  /** Absolute path there. */
  readonly path: string;
}

/** Finds places. */
export interface Places {
  /** @returns the place of a URI; the text's own where the configuration does not know it. */
  placeOf(uri: string): Promise<Place>;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Make it for this process's environment. Hadoop's configuration is read when the first URI of HDFS comes. */
export function createPlaces(environment: Environment): Places {
  let loading: Promise<(uri: string) => Place> | undefined;
  return {
    placeOf: async (uri) => {
      if (!/^(?:hdfs|s?webhdfs):/u.test(uri)) return textPlace(uri);
      loading ??= import("./hdfs/hdfs-place.ts").then(({ createHdfsPlaces }) => createHdfsPlaces(environment));
      try {
        return (await loading)(uri);
      } catch {
        // What is wrong with it is told by the storage, when it is used.
        return textPlace(uri);
      }
    },
  };
}

/** Tell whether two places are the same, or one lies in the other. */
export function placesOverlap(a: Place, b: Place): boolean {
  return isPlaceWithin(a, b) || isPlaceWithin(b, a);
}

/** Tell whether a place is `directory` or lies in it. */
export function isPlaceWithin(place: Place, directory: Place): boolean {
  return place.roots.some((root) => directory.roots.includes(root)) && holds(directory.path, place.path);
}

function holds(directory: string, path: string): boolean {
  return path === directory || path.startsWith(directory.endsWith("/") ? directory : `${directory}/`);
}

function textPlace(uri: string): Place {
  const match = /^([a-z][a-z0-9+.-]*:\/\/[^/]*)(.*)$/u.exec(uri);
  return { roots: [match?.[1] ?? uri], path: match?.[2] ?? "" };
}
