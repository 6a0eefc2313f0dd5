// Original file: millrace/v1/task.proto

import type { Long } from '@grpc/proto-loader';

/**
 * A list rather than a map: names such as "__proto__" must survive.
 */
export interface NamedCount {
  'name'?: (string);
  'value'?: (number | string | Long);
}

/**
 * A list rather than a map: names such as "__proto__" must survive.
 */
export interface NamedCount__Output {
  'name': (string);
  'value': (number);
}
