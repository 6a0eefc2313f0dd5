// Original file: millrace/v1/jobs.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { CountersReply as _millrace_v1_CountersReply, CountersReply__Output as _millrace_v1_CountersReply__Output } from '../../millrace/v1/CountersReply.ts';
import type { CountersRequest as _millrace_v1_CountersRequest, CountersRequest__Output as _millrace_v1_CountersRequest__Output } from '../../millrace/v1/CountersRequest.ts';
import type { Event as _millrace_v1_Event, Event__Output as _millrace_v1_Event__Output } from '../../millrace/v1/Event.ts';
import type { EventsRequest as _millrace_v1_EventsRequest, EventsRequest__Output as _millrace_v1_EventsRequest__Output } from '../../millrace/v1/EventsRequest.ts';
import type { GetRequest as _millrace_v1_GetRequest, GetRequest__Output as _millrace_v1_GetRequest__Output } from '../../millrace/v1/GetRequest.ts';
import type { Job as _millrace_v1_Job, Job__Output as _millrace_v1_Job__Output } from '../../millrace/v1/Job.ts';
import type { KillReply as _millrace_v1_KillReply, KillReply__Output as _millrace_v1_KillReply__Output } from '../../millrace/v1/KillReply.ts';
import type { KillRequest as _millrace_v1_KillRequest, KillRequest__Output as _millrace_v1_KillRequest__Output } from '../../millrace/v1/KillRequest.ts';
import type { ListReply as _millrace_v1_ListReply, ListReply__Output as _millrace_v1_ListReply__Output } from '../../millrace/v1/ListReply.ts';
import type { ListRequest as _millrace_v1_ListRequest, ListRequest__Output as _millrace_v1_ListRequest__Output } from '../../millrace/v1/ListRequest.ts';
import type { LogChunk as _millrace_v1_LogChunk, LogChunk__Output as _millrace_v1_LogChunk__Output } from '../../millrace/v1/LogChunk.ts';
import type { LogsRequest as _millrace_v1_LogsRequest, LogsRequest__Output as _millrace_v1_LogsRequest__Output } from '../../millrace/v1/LogsRequest.ts';
import type { SubmitReply as _millrace_v1_SubmitReply, SubmitReply__Output as _millrace_v1_SubmitReply__Output } from '../../millrace/v1/SubmitReply.ts';
import type { SubmitRequest as _millrace_v1_SubmitRequest, SubmitRequest__Output as _millrace_v1_SubmitRequest__Output } from '../../millrace/v1/SubmitRequest.ts';
import type { TasksReply as _millrace_v1_TasksReply, TasksReply__Output as _millrace_v1_TasksReply__Output } from '../../millrace/v1/TasksReply.ts';
import type { TasksRequest as _millrace_v1_TasksRequest, TasksRequest__Output as _millrace_v1_TasksRequest__Output } from '../../millrace/v1/TasksRequest.ts';
import type { WatchRequest as _millrace_v1_WatchRequest, WatchRequest__Output as _millrace_v1_WatchRequest__Output } from '../../millrace/v1/WatchRequest.ts';
import type { WorkersReply as _millrace_v1_WorkersReply, WorkersReply__Output as _millrace_v1_WorkersReply__Output } from '../../millrace/v1/WorkersReply.ts';
import type { WorkersRequest as _millrace_v1_WorkersRequest, WorkersRequest__Output as _millrace_v1_WorkersRequest__Output } from '../../millrace/v1/WorkersRequest.ts';

/**
 * Called by the command line and by programs.
 */
export interface JobServiceClient extends grpc.Client {
  Counters(argument: _millrace_v1_CountersRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_millrace_v1_CountersReply__Output>): grpc.ClientUnaryCall;
  Counters(argument: _millrace_v1_CountersRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_millrace_v1_CountersReply__Output>): grpc.ClientUnaryCall;
  Counters(argument: _millrace_v1_CountersRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_millrace_v1_CountersReply__Output>): grpc.ClientUnaryCall;
  Counters(argument: _millrace_v1_CountersRequest, callback: grpc.requestCallback<_millrace_v1_CountersReply__Output>): grpc.ClientUnaryCall;
  counters(argument: _millrace_v1_CountersRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_millrace_v1_CountersReply__Output>): grpc.ClientUnaryCall;
  counters(argument: _millrace_v1_CountersRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_millrace_v1_CountersReply__Output>): grpc.ClientUnaryCall;
  counters(argument: _millrace_v1_CountersRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_millrace_v1_CountersReply__Output>): grpc.ClientUnaryCall;
  counters(argument: _millrace_v1_CountersRequest, callback: grpc.requestCallback<_millrace_v1_CountersReply__Output>): grpc.ClientUnaryCall;
  
  /**
   * The job's journal as events, from a position on; with follow until the job has ended.
   */
  Events(argument: _millrace_v1_EventsRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_millrace_v1_Event__Output>;
  Events(argument: _millrace_v1_EventsRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_millrace_v1_Event__Output>;
  /**
   * The job's journal as events, from a position on; with follow until the job has ended.
   */
  events(argument: _millrace_v1_EventsRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_millrace_v1_Event__Output>;
  events(argument: _millrace_v1_EventsRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_millrace_v1_Event__Output>;
  
  Get(argument: _millrace_v1_GetRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_millrace_v1_Job__Output>): grpc.ClientUnaryCall;
  Get(argument: _millrace_v1_GetRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_millrace_v1_Job__Output>): grpc.ClientUnaryCall;
  Get(argument: _millrace_v1_GetRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_millrace_v1_Job__Output>): grpc.ClientUnaryCall;
  Get(argument: _millrace_v1_GetRequest, callback: grpc.requestCallback<_millrace_v1_Job__Output>): grpc.ClientUnaryCall;
  get(argument: _millrace_v1_GetRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_millrace_v1_Job__Output>): grpc.ClientUnaryCall;
  get(argument: _millrace_v1_GetRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_millrace_v1_Job__Output>): grpc.ClientUnaryCall;
  get(argument: _millrace_v1_GetRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_millrace_v1_Job__Output>): grpc.ClientUnaryCall;
  get(argument: _millrace_v1_GetRequest, callback: grpc.requestCallback<_millrace_v1_Job__Output>): grpc.ClientUnaryCall;
  
  Kill(argument: _millrace_v1_KillRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_millrace_v1_KillReply__Output>): grpc.ClientUnaryCall;
  Kill(argument: _millrace_v1_KillRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_millrace_v1_KillReply__Output>): grpc.ClientUnaryCall;
  Kill(argument: _millrace_v1_KillRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_millrace_v1_KillReply__Output>): grpc.ClientUnaryCall;
  Kill(argument: _millrace_v1_KillRequest, callback: grpc.requestCallback<_millrace_v1_KillReply__Output>): grpc.ClientUnaryCall;
  kill(argument: _millrace_v1_KillRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_millrace_v1_KillReply__Output>): grpc.ClientUnaryCall;
  kill(argument: _millrace_v1_KillRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_millrace_v1_KillReply__Output>): grpc.ClientUnaryCall;
  kill(argument: _millrace_v1_KillRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_millrace_v1_KillReply__Output>): grpc.ClientUnaryCall;
  kill(argument: _millrace_v1_KillRequest, callback: grpc.requestCallback<_millrace_v1_KillReply__Output>): grpc.ClientUnaryCall;
  
  List(argument: _millrace_v1_ListRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_millrace_v1_ListReply__Output>): grpc.ClientUnaryCall;
  List(argument: _millrace_v1_ListRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_millrace_v1_ListReply__Output>): grpc.ClientUnaryCall;
  List(argument: _millrace_v1_ListRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_millrace_v1_ListReply__Output>): grpc.ClientUnaryCall;
  List(argument: _millrace_v1_ListRequest, callback: grpc.requestCallback<_millrace_v1_ListReply__Output>): grpc.ClientUnaryCall;
  list(argument: _millrace_v1_ListRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_millrace_v1_ListReply__Output>): grpc.ClientUnaryCall;
  list(argument: _millrace_v1_ListRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_millrace_v1_ListReply__Output>): grpc.ClientUnaryCall;
  list(argument: _millrace_v1_ListRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_millrace_v1_ListReply__Output>): grpc.ClientUnaryCall;
  list(argument: _millrace_v1_ListRequest, callback: grpc.requestCallback<_millrace_v1_ListReply__Output>): grpc.ClientUnaryCall;
  
  /**
   * The log of one attempt, in chunks.
   */
  Logs(argument: _millrace_v1_LogsRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_millrace_v1_LogChunk__Output>;
  Logs(argument: _millrace_v1_LogsRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_millrace_v1_LogChunk__Output>;
  /**
   * The log of one attempt, in chunks.
   */
  logs(argument: _millrace_v1_LogsRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_millrace_v1_LogChunk__Output>;
  logs(argument: _millrace_v1_LogsRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_millrace_v1_LogChunk__Output>;
  
  /**
   * The first message is the header, the others are the bytes of the bundle, then of each side file, in order.
   */
  Submit(metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_millrace_v1_SubmitReply__Output>): grpc.ClientWritableStream<_millrace_v1_SubmitRequest>;
  Submit(metadata: grpc.Metadata, callback: grpc.requestCallback<_millrace_v1_SubmitReply__Output>): grpc.ClientWritableStream<_millrace_v1_SubmitRequest>;
  Submit(options: grpc.CallOptions, callback: grpc.requestCallback<_millrace_v1_SubmitReply__Output>): grpc.ClientWritableStream<_millrace_v1_SubmitRequest>;
  Submit(callback: grpc.requestCallback<_millrace_v1_SubmitReply__Output>): grpc.ClientWritableStream<_millrace_v1_SubmitRequest>;
  /**
   * The first message is the header, the others are the bytes of the bundle, then of each side file, in order.
   */
  submit(metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_millrace_v1_SubmitReply__Output>): grpc.ClientWritableStream<_millrace_v1_SubmitRequest>;
  submit(metadata: grpc.Metadata, callback: grpc.requestCallback<_millrace_v1_SubmitReply__Output>): grpc.ClientWritableStream<_millrace_v1_SubmitRequest>;
  submit(options: grpc.CallOptions, callback: grpc.requestCallback<_millrace_v1_SubmitReply__Output>): grpc.ClientWritableStream<_millrace_v1_SubmitRequest>;
  submit(callback: grpc.requestCallback<_millrace_v1_SubmitReply__Output>): grpc.ClientWritableStream<_millrace_v1_SubmitRequest>;
  
  Tasks(argument: _millrace_v1_TasksRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_millrace_v1_TasksReply__Output>): grpc.ClientUnaryCall;
  Tasks(argument: _millrace_v1_TasksRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_millrace_v1_TasksReply__Output>): grpc.ClientUnaryCall;
  Tasks(argument: _millrace_v1_TasksRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_millrace_v1_TasksReply__Output>): grpc.ClientUnaryCall;
  Tasks(argument: _millrace_v1_TasksRequest, callback: grpc.requestCallback<_millrace_v1_TasksReply__Output>): grpc.ClientUnaryCall;
  tasks(argument: _millrace_v1_TasksRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_millrace_v1_TasksReply__Output>): grpc.ClientUnaryCall;
  tasks(argument: _millrace_v1_TasksRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_millrace_v1_TasksReply__Output>): grpc.ClientUnaryCall;
  tasks(argument: _millrace_v1_TasksRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_millrace_v1_TasksReply__Output>): grpc.ClientUnaryCall;
  tasks(argument: _millrace_v1_TasksRequest, callback: grpc.requestCallback<_millrace_v1_TasksReply__Output>): grpc.ClientUnaryCall;
  
  /**
   * The job now, then again whenever it changed, until it has ended.
   */
  Watch(argument: _millrace_v1_WatchRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_millrace_v1_Job__Output>;
  Watch(argument: _millrace_v1_WatchRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_millrace_v1_Job__Output>;
  /**
   * The job now, then again whenever it changed, until it has ended.
   */
  watch(argument: _millrace_v1_WatchRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_millrace_v1_Job__Output>;
  watch(argument: _millrace_v1_WatchRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_millrace_v1_Job__Output>;
  
  Workers(argument: _millrace_v1_WorkersRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_millrace_v1_WorkersReply__Output>): grpc.ClientUnaryCall;
  Workers(argument: _millrace_v1_WorkersRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_millrace_v1_WorkersReply__Output>): grpc.ClientUnaryCall;
  Workers(argument: _millrace_v1_WorkersRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_millrace_v1_WorkersReply__Output>): grpc.ClientUnaryCall;
  Workers(argument: _millrace_v1_WorkersRequest, callback: grpc.requestCallback<_millrace_v1_WorkersReply__Output>): grpc.ClientUnaryCall;
  workers(argument: _millrace_v1_WorkersRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_millrace_v1_WorkersReply__Output>): grpc.ClientUnaryCall;
  workers(argument: _millrace_v1_WorkersRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_millrace_v1_WorkersReply__Output>): grpc.ClientUnaryCall;
  workers(argument: _millrace_v1_WorkersRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_millrace_v1_WorkersReply__Output>): grpc.ClientUnaryCall;
  workers(argument: _millrace_v1_WorkersRequest, callback: grpc.requestCallback<_millrace_v1_WorkersReply__Output>): grpc.ClientUnaryCall;
  
}

/**
 * Called by the command line and by programs.
 */
export interface JobServiceHandlers extends grpc.UntypedServiceImplementation {
  Counters: grpc.handleUnaryCall<_millrace_v1_CountersRequest__Output, _millrace_v1_CountersReply>;
  
  /**
   * The job's journal as events, from a position on; with follow until the job has ended.
   */
  Events: grpc.handleServerStreamingCall<_millrace_v1_EventsRequest__Output, _millrace_v1_Event>;
  
  Get: grpc.handleUnaryCall<_millrace_v1_GetRequest__Output, _millrace_v1_Job>;
  
  Kill: grpc.handleUnaryCall<_millrace_v1_KillRequest__Output, _millrace_v1_KillReply>;
  
  List: grpc.handleUnaryCall<_millrace_v1_ListRequest__Output, _millrace_v1_ListReply>;
  
  /**
   * The log of one attempt, in chunks.
   */
  Logs: grpc.handleServerStreamingCall<_millrace_v1_LogsRequest__Output, _millrace_v1_LogChunk>;
  
  /**
   * The first message is the header, the others are the bytes of the bundle, then of each side file, in order.
   */
  Submit: grpc.handleClientStreamingCall<_millrace_v1_SubmitRequest__Output, _millrace_v1_SubmitReply>;
  
  Tasks: grpc.handleUnaryCall<_millrace_v1_TasksRequest__Output, _millrace_v1_TasksReply>;
  
  /**
   * The job now, then again whenever it changed, until it has ended.
   */
  Watch: grpc.handleServerStreamingCall<_millrace_v1_WatchRequest__Output, _millrace_v1_Job>;
  
  Workers: grpc.handleUnaryCall<_millrace_v1_WorkersRequest__Output, _millrace_v1_WorkersReply>;
  
}

export interface JobServiceDefinition extends grpc.ServiceDefinition {
  Counters: MethodDefinition<_millrace_v1_CountersRequest, _millrace_v1_CountersReply, _millrace_v1_CountersRequest__Output, _millrace_v1_CountersReply__Output>
  Events: MethodDefinition<_millrace_v1_EventsRequest, _millrace_v1_Event, _millrace_v1_EventsRequest__Output, _millrace_v1_Event__Output>
  Get: MethodDefinition<_millrace_v1_GetRequest, _millrace_v1_Job, _millrace_v1_GetRequest__Output, _millrace_v1_Job__Output>
  Kill: MethodDefinition<_millrace_v1_KillRequest, _millrace_v1_KillReply, _millrace_v1_KillRequest__Output, _millrace_v1_KillReply__Output>
  List: MethodDefinition<_millrace_v1_ListRequest, _millrace_v1_ListReply, _millrace_v1_ListRequest__Output, _millrace_v1_ListReply__Output>
  Logs: MethodDefinition<_millrace_v1_LogsRequest, _millrace_v1_LogChunk, _millrace_v1_LogsRequest__Output, _millrace_v1_LogChunk__Output>
  Submit: MethodDefinition<_millrace_v1_SubmitRequest, _millrace_v1_SubmitReply, _millrace_v1_SubmitRequest__Output, _millrace_v1_SubmitReply__Output>
  Tasks: MethodDefinition<_millrace_v1_TasksRequest, _millrace_v1_TasksReply, _millrace_v1_TasksRequest__Output, _millrace_v1_TasksReply__Output>
  Watch: MethodDefinition<_millrace_v1_WatchRequest, _millrace_v1_Job, _millrace_v1_WatchRequest__Output, _millrace_v1_Job__Output>
  Workers: MethodDefinition<_millrace_v1_WorkersRequest, _millrace_v1_WorkersReply, _millrace_v1_WorkersRequest__Output, _millrace_v1_WorkersReply__Output>
}
