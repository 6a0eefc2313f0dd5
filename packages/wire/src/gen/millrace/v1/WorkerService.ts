// Original file: millrace/v1/workers.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { BundleChunk as _millrace_v1_BundleChunk, BundleChunk__Output as _millrace_v1_BundleChunk__Output } from '../../millrace/v1/BundleChunk.ts';
import type { CoordinatorMessage as _millrace_v1_CoordinatorMessage, CoordinatorMessage__Output as _millrace_v1_CoordinatorMessage__Output } from '../../millrace/v1/CoordinatorMessage.ts';
import type { FetchBundleRequest as _millrace_v1_FetchBundleRequest, FetchBundleRequest__Output as _millrace_v1_FetchBundleRequest__Output } from '../../millrace/v1/FetchBundleRequest.ts';
import type { WorkerMessage as _millrace_v1_WorkerMessage, WorkerMessage__Output as _millrace_v1_WorkerMessage__Output } from '../../millrace/v1/WorkerMessage.ts';

/**
 * Called by workers.
 */
export interface WorkerServiceClient extends grpc.Client {
  /**
   * The code of a job, or one of its side files, in chunks.
   */
  FetchBundle(argument: _millrace_v1_FetchBundleRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_millrace_v1_BundleChunk__Output>;
  FetchBundle(argument: _millrace_v1_FetchBundleRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_millrace_v1_BundleChunk__Output>;
  /**
   * The code of a job, or one of its side files, in chunks.
   */
  fetchBundle(argument: _millrace_v1_FetchBundleRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_millrace_v1_BundleChunk__Output>;
  fetchBundle(argument: _millrace_v1_FetchBundleRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_millrace_v1_BundleChunk__Output>;
  
  /**
   * One stream a worker process, kept for its life: it begins with Register.
   */
  Session(metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientDuplexStream<_millrace_v1_WorkerMessage, _millrace_v1_CoordinatorMessage__Output>;
  Session(options?: grpc.CallOptions): grpc.ClientDuplexStream<_millrace_v1_WorkerMessage, _millrace_v1_CoordinatorMessage__Output>;
  /**
   * One stream a worker process, kept for its life: it begins with Register.
   */
  session(metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientDuplexStream<_millrace_v1_WorkerMessage, _millrace_v1_CoordinatorMessage__Output>;
  session(options?: grpc.CallOptions): grpc.ClientDuplexStream<_millrace_v1_WorkerMessage, _millrace_v1_CoordinatorMessage__Output>;
  
}

/**
 * Called by workers.
 */
export interface WorkerServiceHandlers extends grpc.UntypedServiceImplementation {
  /**
   * The code of a job, or one of its side files, in chunks.
   */
  FetchBundle: grpc.handleServerStreamingCall<_millrace_v1_FetchBundleRequest__Output, _millrace_v1_BundleChunk>;
  
  /**
   * One stream a worker process, kept for its life: it begins with Register.
   */
  Session: grpc.handleBidiStreamingCall<_millrace_v1_WorkerMessage__Output, _millrace_v1_CoordinatorMessage>;
  
}

export interface WorkerServiceDefinition extends grpc.ServiceDefinition {
  FetchBundle: MethodDefinition<_millrace_v1_FetchBundleRequest, _millrace_v1_BundleChunk, _millrace_v1_FetchBundleRequest__Output, _millrace_v1_BundleChunk__Output>
  Session: MethodDefinition<_millrace_v1_WorkerMessage, _millrace_v1_CoordinatorMessage, _millrace_v1_WorkerMessage__Output, _millrace_v1_CoordinatorMessage__Output>
}
