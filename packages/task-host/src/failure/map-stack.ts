// Stack frames of a bundle, mapped to the lines of the author's own files by the bundle's source map. The map is parsed
// at the first failure only: a job that does not fail pays nothing for it.

import { readFileSync } from "node:fs";
import { SourceMap } from "node:module";
import type { SourceMapPayload } from "node:module";
import { hostLimits } from "../host-limits.ts";

/** Turn the frames of a stack into lines for people, the job's own places first named. */
export interface StackMapper {
  /** @returns at most `hostLimits.stackLinesMax` lines such as `at map (word-count.ts:8:13)`, without the engine's frames. */
  readonly map: (frames: readonly string[]) => readonly string[];
}

/** Make the mapper of one bundle. @param url - the bundle's URL in stacks. @param path - where it lies. */
export function createStackMapper(url: string, path: string): StackMapper {
  let loaded: { readonly map: SourceMap | undefined } | undefined;
  return {
    map: (frames) => {
      loaded ??= { map: loadSourceMap(path) };
      return mapFrames(frames, url, loaded.map);
    },
  };
}

function mapFrames(frames: readonly string[], url: string, map: SourceMap | undefined): readonly string[] {
  const lines: string[] = [];
  let isInJob = false;
  for (const frame of frames) {
    const place = /^at (?:(?<name>.*) \()?(?<file>(?:file|node):.*?):(?<line>\d+):(?<column>\d+)\)?$/.exec(
      frame,
    )?.groups;
    if (place === undefined) {
      // Native frames such as `at Array.map (<anonymous>)` tell the way; there are none of ours without a place.
      if (!/\(|file:/.test(frame) || frame.includes("<anonymous>")) lines.push(frame);
      continue;
    }
    if (place["file"] !== url) {
      if (place["file"]?.startsWith("node:") === true) continue;
      // Neither the job's nor Node's: the engine's. What is below the job's frames is of no use to the author; above
      // them it is what the job called, such as `emit`.
      if (isInJob) break;
      lines.length = 0;
      continue;
    }
    isInJob = true;
    lines.push(describePlace(place as unknown as Place, map));
    if (lines.length >= hostLimits.stackLinesMax) break;
  }
  // Native frames alone name no place of the job's.
  return isInJob ? lines : [];
}

interface Place {
  readonly name: string | undefined;
  readonly line: string;
  readonly column: string;
}

function describePlace(place: Place, map: SourceMap | undefined): string {
  const where = mapPlace(Number(place.line), Number(place.column), map);
  return place.name === undefined || place.name === "" ? `at ${where}` : `at ${place.name} (${where})`;
}

function mapPlace(line: number, column: number, map: SourceMap | undefined): string {
  const entry = map?.findEntry(line - 1, column - 1);
  if (entry === undefined || !("originalSource" in entry)) return `job bundle:${line}:${column}`;
  return `${entry.originalSource}:${entry.originalLine + 1}:${entry.originalColumn + 1}`;
}

function loadSourceMap(path: string): SourceMap | undefined {
  try {
    const source = readFileSync(path, "utf8");
    const at = source.lastIndexOf("//# sourceMappingURL=");
    if (at < 0) return parseSourceMap(readFileSync(`${path}.map`, "utf8"));
    const target = source.slice(at + "//# sourceMappingURL=".length).trim();
    const inline = /^data:application\/json;(?:charset=utf-?8;)?base64,(?<data>.*)$/.exec(target)?.groups?.["data"];
    return parseSourceMap(
      inline === undefined ? readFileSync(`${path}.map`, "utf8") : Buffer.from(inline, "base64").toString("utf8"),
    );
  } catch {
    // A missing or broken map costs the author the line, not the message.
    return undefined;
  }
}

function parseSourceMap(text: string): SourceMap {
  return new SourceMap(JSON.parse(text) as SourceMapPayload);
}
