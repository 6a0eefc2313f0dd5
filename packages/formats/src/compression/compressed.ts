// Compressed outputs: any output inside gzip members or zstd frames of bounded size, so that memory is bounded whatever
// the file's length.

import { MillraceError, limits } from "@millrace/core";
import { ByteSink } from "@millrace/data";
import type { Output } from "@millrace/sdk";
import { type OutputFormat, type RecordWriter, createOutput, outputFormatOf } from "@millrace/sdk/engine";
import { constants, gzipSync, zstdCompressSync } from "node:zlib";

/** Options of a compressed output. */
export interface CompressionOptions {
  /** gzip: 1 (fast) to 9 (small), 6 unless given. zstd: 1 to 19, 3 unless given. */
  readonly level?: number;
}

/**
 * Write another output's files compressed by gzip, named `.gz` after its own extension. A file is a sequence of members
 * of at least 1 MiB of content, cut between records; `gzip -dc`, every reader of multi-member files and Millrace itself
 * read it. No time and no name is stored: equal records give equal bytes on one version of Node.
 *
 * @throws {MillraceError} E_JOB_INVALID for a level outside 1 to 9.
 * @see RFC 1952, section 2.2: "A gzip file consists of a series of members".
 * @example
 * ```ts
 * output: gzip(jsonLines()),
 * ```
 */
export function gzip<O>(output: Output<O>, options: CompressionOptions = {}): Output<O> {
  const level = levelOf(options, { codec: "gzip", max: 9, usual: 6 });
  return compressed(output, {
    extension: "gz",
    compress: (bytes) => {
      const member = gzipSync(bytes, { level });
      // Byte 9 names the system that compressed, which changes nothing: 255 is "unknown" (RFC 1952, section 2.3.1).
      member[9] = 255;
      return member;
    },
  });
}

/**
 * Write another output's files compressed by Zstandard, named `.zst` after its own extension. A file is a sequence of
 * frames of at least 1 MiB of content, cut between records, each with its check sum; `zstd -dc` and Millrace itself read
 * all of them (`zstdDecompressSync` of Node stops after the first).
 *
 * @throws {MillraceError} E_JOB_INVALID for a level outside 1 to 19.
 * @see RFC 8878, section 3: frames one after the other decompress to their contents one after the other.
 * @example
 * ```ts
 * output: zstd(textTable(), { level: 9 }),
 * ```
 */
export function zstd<O>(output: Output<O>, options: CompressionOptions = {}): Output<O> {
  const level = levelOf(options, { codec: "zstd", max: 19, usual: 3 });
  const params = { [constants.ZSTD_c_compressionLevel]: level, [constants.ZSTD_c_checksumFlag]: 1 };
  return compressed(output, { extension: "zst", compress: (bytes) => zstdCompressSync(bytes, { params }) });
}

/** Content of a member or frame: enough that a cut costs no compression worth speaking of, small beside a slot's memory. */
const memberBytes = 1024 * 1024;

interface Compression {
  readonly extension: string;
  /** Make a whole member or frame. */
  readonly compress: (bytes: Uint8Array) => Uint8Array;
}

function compressed<O>(output: Output<O>, compression: Compression): Output<O> {
  const inner = outputFormatOf(output);
  const { wire, between } = inner;
  // Nothing else of the inner one: what it says of its bytes is not so of these.
  const format: OutputFormat<O> = {
    ...(wire === undefined ? {} : { wire }),
    ...(between === undefined ? {} : { between }),
    name: `${inner.name}.${compression.extension}`,
    extension: `${inner.extension}.${compression.extension}`,
    createWriter: () => new CompressingWriter(inner.createWriter(), compression),
  };
  return createOutput(format);
}

/** Gathers what another writer writes and hands it on in members. */
class CompressingWriter<O> implements RecordWriter<O> {
  readonly #inner: RecordWriter<O>;
  readonly #compression: Compression;
  readonly #plain = new ByteSink(memberBytes / 16);
  #members = 0;

  constructor(inner: RecordWriter<O>, compression: Compression) {
    this.#inner = inner;
    this.#compression = compression;
  }

  readonly begin = (sink: ByteSink): void => {
    this.#inner.begin?.(this.#plain);
    this.#cut(sink);
  };

  readonly write = (record: O, sink: ByteSink): void => {
    const before = this.#plain.length;
    this.#inner.write(record, this.#plain);
    const bytes = this.#plain.length - before;
    if (bytes > limits.recordBytesMax) {
      throw new MillraceError(
        "E_RECORD_TOO_LARGE",
        `Cannot write a record: it has ${bytes} bytes, more than ${limits.recordBytesMax}; write smaller records`,
      );
    }
    this.#cut(sink);
  };

  readonly finish = (sink: ByteSink): void => {
    this.#inner.finish?.(this.#plain);
    // A file without content has one empty member: no bytes at all are not what gzip calls a file.
    if (this.#plain.length > 0 || this.#members === 0) this.#writeMember(sink);
  };

  #cut(sink: ByteSink): void {
    if (this.#plain.length >= memberBytes) this.#writeMember(sink);
  }

  #writeMember(sink: ByteSink): void {
    sink.writeBytes(this.#compression.compress(this.#plain.view()));
    this.#plain.clear();
    this.#members += 1;
  }
}

function levelOf(
  { level }: CompressionOptions,
  { codec, max, usual }: { readonly codec: string; readonly max: number; readonly usual: number },
): number {
  if (level === undefined) return usual;
  if (Number.isSafeInteger(level) && level >= 1 && level <= max) return level;
  throw new MillraceError(
    "E_JOB_INVALID",
    `Cannot compress by ${codec} at level ${level}: levels are whole numbers from 1 to ${max}; give one`,
  );
}
