// Original file: millrace/v1/task.proto

export const Codec = {
  CODEC_UNSPECIFIED: 'CODEC_UNSPECIFIED',
  CODEC_NONE: 'CODEC_NONE',
  CODEC_GZIP: 'CODEC_GZIP',
  CODEC_ZSTD: 'CODEC_ZSTD',
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

export type Codec__Output = typeof Codec[keyof typeof Codec]
