// Original file: millrace/v1/task.proto

import type { Long } from '@grpc/proto-loader';

/**
 * How part files are made, where their storage has such things.
 */
export interface PartFileOptions {
  'replication'?: (number);
  'blockBytes'?: (number | string | Long);
  'permission'?: (number);
  '_replication'?: "replication";
  '_blockBytes'?: "blockBytes";
  '_permission'?: "permission";
}

/**
 * How part files are made, where their storage has such things.
 */
export interface PartFileOptions__Output {
  'replication'?: (number);
  'blockBytes'?: (number);
  'permission'?: (number);
  '_replication'?: "replication";
  '_blockBytes'?: "blockBytes";
  '_permission'?: "permission";
}
