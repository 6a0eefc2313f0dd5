// Loads a job's bundle into this thread. The bundle leaves `millrace` open; it resolves to the host's own copy, so that
// the job and the engine share codecs, formats and errors.

import { readFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { jobProgram } from "@millrace/sdk/engine";
import type { JobProgram } from "@millrace/sdk/engine";
import { createStackMapper } from "../failure/map-stack.ts";
import type { StackMapper } from "../failure/map-stack.ts";
import { choosePart, readParts, surfaceNames } from "./choose-surface.ts";
import type { SurfacePart } from "./choose-surface.ts";

/** A job in this thread. */
export interface LoadedJob {
  readonly program: JobProgram;
  readonly stack: StackMapper;
}

/** A bundle on this machine. */
export interface BundleFile {
  readonly path: string;
  /** Of its content, hexadecimal, checked by who brought it. */
  readonly sha256: string;
}

/** Modules that a bundle may leave open: all mean the surface. Shipped jobs import the parts of it by their own names. */
const ownModules: ReadonlySet<string> = new Set(surfaceNames);
const wholeSurface = "./millrace-surface";

/** URL of a module of this package, built or as a source. */
export function ownFile(name: string): string {
  const extension = import.meta.url.endsWith(".ts") ? ".ts" : ".js";
  return new URL(`${name}${extension}`, import.meta.url).href;
}

let parts: readonly SurfacePart[] | undefined;
/** What `millrace` is for each module that has asked. */
const surfaceOf = new Map<string, string>();
/** Bundles by URL: where each lies. */
const bundlePaths = new Map<string, string>();
/** Bundles and what they import: the modules for which {@link ownModules} count. The engine's own imports go their way. */
const jobUrls = new Set<string>();
let hooked = false;

/**
 * Import a bundle. Its stacks can be mapped also when the import fails: see {@link bundleStack}.
 *
 * @throws whatever the module throws, and {MillraceError} E_JOB_MODULE when its default export is no job.
 */
export async function loadBundle(bundle: BundleFile): Promise<LoadedJob> {
  return { program: jobProgram(await importBundle(bundle)), stack: bundleStack(bundle) };
}

/** Import a bundle and give its default export, whatever it is. @throws whatever the module throws. */
export async function importBundle({ path, sha256 }: BundleFile): Promise<unknown> {
  const url = contentUrl(sha256);
  bundlePaths.set(url, path);
  return importModule(url);
}

/** Import the module of a job that is no bundle, and stays where it is, as {@link importBundle}. */
export async function importShipped(path: string): Promise<unknown> {
  return importModule(pathToFileURL(path).href);
}

async function importModule(url: string): Promise<unknown> {
  jobUrls.add(url);
  if (!hooked) hookModules();
  const loaded = (await import(url)) as { readonly default?: unknown };
  return loaded.default;
}

/**
 * A bundle's URL goes by its content: it lies at another path in each run, and V8's code cache, which goes by URL, would
 * keep it again for each. It is a file's, so that `createRequire(import.meta.url)` makes what it makes elsewhere.
 */
function contentUrl(sha256: string): string {
  return pathToFileURL(join(tmpdir(), `millrace-job-${sha256}`)).href;
}

/** Load what most jobs import before one comes, so that the first attempt need not wait for it. Never rejects. */
export async function loadAhead(): Promise<void> {
  try {
    await import(ownFile(surfaceParts()[0]?.file ?? wholeSurface));
  } catch {
    // Whoever needs it is told by its own import.
  }
}

/** The stack mapper of a bundle that may not have loaded. */
export function bundleStack({ path, sha256 }: BundleFile): StackMapper {
  return createStackMapper(contentUrl(sha256), path);
}

function hookModules(): void {
  hooked = true;
  registerHooks({
    resolve: (specifier, context, next) => {
      if (bundlePaths.has(specifier)) return { url: specifier, shortCircuit: true };
      if (context.parentURL === undefined || !jobUrls.has(context.parentURL)) return next(specifier, context);
      if (ownModules.has(specifier)) return { url: surfaceFor(context.parentURL), shortCircuit: true };
      const resolved = next(specifier, context);
      jobUrls.add(resolved.url);
      return resolved;
    },
    load: (url, context, next) => {
      const path = bundlePaths.get(url);
      return path === undefined
        ? next(url, context)
        : { format: "module", source: readFileSync(path), shortCircuit: true };
    },
  });
}

/** The surface that a module of the job sees: the part that has what it imports. */
function surfaceFor(url: string): string {
  const known = surfaceOf.get(url);
  if (known !== undefined) return known;
  const chosen = ownFile(choosePart(sourceOf(url), surfaceParts())?.file ?? wholeSurface);
  surfaceOf.set(url, chosen);
  return chosen;
}

function surfaceParts(): readonly SurfacePart[] {
  parts ??= readParts(import.meta.url);
  return parts;
}

/** A module that is no file, such as one of Node's data URLs, is not looked into. */
function sourceOf(url: string): string {
  return url.startsWith("file:") ? readFileSync(bundlePaths.get(url) ?? fileURLToPath(url), "utf8") : "import(";
}
