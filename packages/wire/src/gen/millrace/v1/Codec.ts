// Original file: millrace/v1/task.proto

export const Codec = {
  CODEC_UNSPECIFIED: 'CODEC_UNSPECIFIED',
  CODEC_NONE: 'CODEC_NONE',
  CODEC_GZIP: 'CODEC_GZIP',
  CODEC_ZSTD: 'CODEC_ZSTD',
  CODEC_BZIP2: 'CODEC_BZIP2',
  CODEC_ZLIB: 'CODEC_ZLIB',
  /**
   * Hadoop's framing of raw blocks, as of the next one.
   */
  CODEC_SNAPPY: 'CODEC_SNAPPY',
  CODEC_LZ4: 'CODEC_LZ4',
  /**
   * Found by the first bytes when the file is read: it was not opened when the job was planned.
   */
  CODEC_DETECT: 'CODEC_DETECT',
} as const;

export type Codec =
  | 'CODEC_UNSPECIFIED'
  | 0
  | 'CODEC_NONE'
  | 1
  | 'CODEC_GZIP'
  | 2
  | 'CODEC_ZSTD'
  | 3
  | 'CODEC_BZIP2'
  | 4
  | 'CODEC_ZLIB'
  | 5
  /**
   * Hadoop's framing of raw blocks, as of the next one.
   */
  | 'CODEC_SNAPPY'
  | 6
  | 'CODEC_LZ4'
  | 7
  /**
   * Found by the first bytes when the file is read: it was not opened when the job was planned.
   */
  | 'CODEC_DETECT'
  | 8

export type Codec__Output = typeof Codec[keyof typeof Codec]
