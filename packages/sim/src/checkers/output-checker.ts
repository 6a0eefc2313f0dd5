// Watches the names that jobs publish to: nothing there before the commit is journalled, then everything at once, equal
// to the oracle's output byte for byte and to its own manifest; afterwards nothing changes (I1, I2, I5, I8, I9).

import { parseManifest } from "@millrace/core";
import { crc32 } from "@millrace/data";
import { expectedParts } from "../oracle.ts";
import { decodeLatin } from "../storage/file-tree.ts";
import type { FileTree, TreeNode } from "../storage/file-tree.ts";
import { demand } from "../violation.ts";
import type { InputArchive } from "../workload/input-archive.ts";
import type { DrawnJob } from "../workload/draw-job.ts";
import type { JobLedger } from "./job-ledger.ts";

/** What the checker must know of the run. */
export interface OutputSource {
  readonly seed: number;
  readonly tree: FileTree;
  readonly archive: InputArchive;
  /** The job that a manifest names, if its submission is durable. */
  readonly ledgerOf: (job: string) => JobLedger | undefined;
  readonly drawnOf: (job: string) => DrawnJob | undefined;
}

interface Watched {
  readonly uri: string;
  /** What stands there by right: what was there before any job, or the last job's whole output. */
  old: TreeNode | undefined;
}

/** Watch all outputs of a run. */
export class OutputChecker {
  private readonly source: OutputSource;
  private readonly outputs: Watched[] = [];
  /** Jobs whose output was published, and what stands for it. */
  readonly published = new Map<string, TreeNode>();
  /** Whose storage step runs at the moment. */
  actor: string | undefined;

  constructor(source: OutputSource) {
    this.source = source;
    source.tree.watcher = (change) => this.changed(change);
  }

  watch(uri: string): void {
    if (!this.outputs.some((output) => output.uri === uri)) this.outputs.push({ uri, old: this.source.tree.find(uri) });
  }

  /** After everything has ended: what stands at an output must fit the outcome of its job. */
  checkEnd(job: string, drawn: DrawnJob, ledger: JobLedger, refused: boolean): void {
    const { uri } = drawn.spec.output;
    const node = this.source.tree.find(uri);
    const old = this.outputs.find((output) => output.uri === uri)?.old;
    if (ledger.outcome?.outcome === "succeeded") {
      demand(this.published.has(job), "I2", () => `${job} succeeded, but was not published`);
      demand(node === old, "I2", () => `${job} succeeded, but what stands at ${uri} is nobody's output`);
      return;
    }
    demand(
      !this.published.has(job),
      "I2",
      () => `${job} ended as ${ledger.outcome?.outcome}, but ${uri} holds its output`,
    );
    const keptAside = refused && ledger.aside;
    demand(
      node === old || keptAside,
      "I2",
      () => `${job} ended as ${ledger.outcome?.outcome}, and ${uri} is not as it was`,
    );
  }

  private changed(change: { readonly kind: "add" | "remove"; readonly uri: string; readonly node: TreeNode }): void {
    for (const output of this.outputs) {
      demand(
        !change.uri.startsWith(`${output.uri}/`),
        "I2",
        () => `a name inside an output changes: ${change.kind} ${change.uri}`,
      );
      if (change.uri !== output.uri) continue;
      if (change.kind === "add") this.added(output, change.node);
      else this.removed(output, change.node);
    }
  }

  private added(output: Watched, node: TreeNode): void {
    if (node === output.old) return;
    const text = this.textIn(node, "_SUCCESS");
    const manifest = text === undefined ? undefined : parseManifest(text);
    demand(manifest !== undefined, "I2", () => `${output.uri} appears without a manifest`);
    const ledger = this.source.ledgerOf(manifest.job);
    const drawn = this.source.drawnOf(manifest.job);
    demand(
      ledger !== undefined && drawn !== undefined,
      "I2",
      () => `${output.uri} appears for an unknown job ${manifest.job}`,
    );
    demand(ledger.committing, "I4", () => `${manifest.job} is published before its commit is journalled`);
    demand(
      ledger.outcome === undefined,
      "I4",
      () => `${manifest.job} is published after it ended as ${ledger.outcome?.outcome}`,
    );
    this.compare(manifest.job, drawn, ledger, node);
    const counters = ledger.counters();
    for (const [name, value] of Object.entries(counters))
      demand(
        manifest.counters[name] === value,
        "I9",
        () => `${manifest.job}: counter ${name} is ${manifest.counters[name]}, its accepted attempts say ${value}`,
      );
    const files = filesIn(node);
    demand(
      manifest.parts.length === files.size - 1,
      "I5",
      () => `${manifest.job}: ${files.size - 1} files for ${manifest.parts.length} parts of the manifest`,
    );
    for (const part of manifest.parts) {
      const bytes = files.get(part.name);
      demand(
        bytes !== undefined && bytes.length === part.bytes && crc32(bytes) === part.crc32,
        "I5",
        () => `${manifest.job}: ${part.name} is not what the manifest says`,
      );
    }
    this.published.set(manifest.job, node);
    output.old = node;
  }

  private compare(job: string, drawn: DrawnJob, ledger: JobLedger, node: TreeNode): void {
    const expected = expectedParts({
      seed: this.source.seed,
      job,
      program: drawn.program,
      spec: drawn.spec,
      plan: { stages: ledger.stages, splits: ledger.splits },
      cutsOf: (stage) => ledger.cutsOf(stage),
      archive: this.source.archive,
      counted: (stage, task) => ledger.acceptedOf(stage, task)?.attempt ?? 0,
    });
    const files = filesIn(node);
    for (const name of files.keys())
      demand(name === "_SUCCESS" || expected.has(name), "I5", () => `${job}: ${name} should not be there`);
    for (const [name, content] of expected) {
      const bytes = files.get(name);
      demand(bytes !== undefined, "I1", () => `${job}: ${name} is missing`);
      const found = new TextDecoder().decode(bytes);
      demand(
        found === content,
        "I1",
        () =>
          `${job}: ${name} differs from the oracle: ${JSON.stringify(found.slice(0, 200))} instead of ${JSON.stringify(content.slice(0, 200))}`,
      );
    }
  }

  /** Only a job that has said so may move away what it replaces, and never its own output. */
  private removed(output: Watched, node: TreeNode): void {
    if (node.kind === "directory" && node.children.size === 0) return;
    const actor = this.actor ?? "nobody";
    const ledger = this.source.ledgerOf(actor);
    const mayReplace = node === output.old && ledger?.aside === true && this.published.get(actor) !== node;
    demand(mayReplace, "I2", () => `${actor} takes away what stands at ${output.uri}`);
  }

  private textIn(node: TreeNode, name: string): string | undefined {
    const file = node.kind === "directory" ? node.children.get(name) : undefined;
    return file?.kind === "file" ? decodeLatin(file.bytes) : undefined;
  }
}

function filesIn(node: TreeNode, prefix = "", into = new Map<string, Uint8Array>()): Map<string, Uint8Array> {
  if (node.kind === "file") into.set(prefix, node.bytes);
  else for (const [name, child] of node.children) filesIn(child, prefix === "" ? name : `${prefix}/${name}`, into);
  return into;
}
