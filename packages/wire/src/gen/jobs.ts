import type * as grpc from '@grpc/grpc-js';
import type { EnumTypeDefinition, MessageTypeDefinition } from '@grpc/proto-loader';

import type { Attempt as _millrace_v1_Attempt, Attempt__Output as _millrace_v1_Attempt__Output } from './millrace/v1/Attempt.ts';
import type { AttemptFailure as _millrace_v1_AttemptFailure, AttemptFailure__Output as _millrace_v1_AttemptFailure__Output } from './millrace/v1/AttemptFailure.ts';
import type { AttemptProgress as _millrace_v1_AttemptProgress, AttemptProgress__Output as _millrace_v1_AttemptProgress__Output } from './millrace/v1/AttemptProgress.ts';
import type { AttemptRef as _millrace_v1_AttemptRef, AttemptRef__Output as _millrace_v1_AttemptRef__Output } from './millrace/v1/AttemptRef.ts';
import type { AttemptResult as _millrace_v1_AttemptResult, AttemptResult__Output as _millrace_v1_AttemptResult__Output } from './millrace/v1/AttemptResult.ts';
import type { AttemptUsage as _millrace_v1_AttemptUsage, AttemptUsage__Output as _millrace_v1_AttemptUsage__Output } from './millrace/v1/AttemptUsage.ts';
import type { BadRecordSample as _millrace_v1_BadRecordSample, BadRecordSample__Output as _millrace_v1_BadRecordSample__Output } from './millrace/v1/BadRecordSample.ts';
import type { BundleRef as _millrace_v1_BundleRef, BundleRef__Output as _millrace_v1_BundleRef__Output } from './millrace/v1/BundleRef.ts';
import type { Consumed as _millrace_v1_Consumed, Consumed__Output as _millrace_v1_Consumed__Output } from './millrace/v1/Consumed.ts';
import type { ConsumedSegments as _millrace_v1_ConsumedSegments, ConsumedSegments__Output as _millrace_v1_ConsumedSegments__Output } from './millrace/v1/ConsumedSegments.ts';
import type { ConsumedSplits as _millrace_v1_ConsumedSplits, ConsumedSplits__Output as _millrace_v1_ConsumedSplits__Output } from './millrace/v1/ConsumedSplits.ts';
import type { CountersReply as _millrace_v1_CountersReply, CountersReply__Output as _millrace_v1_CountersReply__Output } from './millrace/v1/CountersReply.ts';
import type { CountersRequest as _millrace_v1_CountersRequest, CountersRequest__Output as _millrace_v1_CountersRequest__Output } from './millrace/v1/CountersRequest.ts';
import type { Event as _millrace_v1_Event, Event__Output as _millrace_v1_Event__Output } from './millrace/v1/Event.ts';
import type { EventsRequest as _millrace_v1_EventsRequest, EventsRequest__Output as _millrace_v1_EventsRequest__Output } from './millrace/v1/EventsRequest.ts';
import type { FailedRecord as _millrace_v1_FailedRecord, FailedRecord__Output as _millrace_v1_FailedRecord__Output } from './millrace/v1/FailedRecord.ts';
import type { GetRequest as _millrace_v1_GetRequest, GetRequest__Output as _millrace_v1_GetRequest__Output } from './millrace/v1/GetRequest.ts';
import type { InputFormatSpec as _millrace_v1_InputFormatSpec, InputFormatSpec__Output as _millrace_v1_InputFormatSpec__Output } from './millrace/v1/InputFormatSpec.ts';
import type { InputSpec as _millrace_v1_InputSpec, InputSpec__Output as _millrace_v1_InputSpec__Output } from './millrace/v1/InputSpec.ts';
import type { Job as _millrace_v1_Job, Job__Output as _millrace_v1_Job__Output } from './millrace/v1/Job.ts';
import type { JobOptions as _millrace_v1_JobOptions, JobOptions__Output as _millrace_v1_JobOptions__Output } from './millrace/v1/JobOptions.ts';
import type { JobServiceClient as _millrace_v1_JobServiceClient, JobServiceDefinition as _millrace_v1_JobServiceDefinition } from './millrace/v1/JobService.ts';
import type { JobSpec as _millrace_v1_JobSpec, JobSpec__Output as _millrace_v1_JobSpec__Output } from './millrace/v1/JobSpec.ts';
import type { JobSummary as _millrace_v1_JobSummary, JobSummary__Output as _millrace_v1_JobSummary__Output } from './millrace/v1/JobSummary.ts';
import type { KillReply as _millrace_v1_KillReply, KillReply__Output as _millrace_v1_KillReply__Output } from './millrace/v1/KillReply.ts';
import type { KillRequest as _millrace_v1_KillRequest, KillRequest__Output as _millrace_v1_KillRequest__Output } from './millrace/v1/KillRequest.ts';
import type { ListReply as _millrace_v1_ListReply, ListReply__Output as _millrace_v1_ListReply__Output } from './millrace/v1/ListReply.ts';
import type { ListRequest as _millrace_v1_ListRequest, ListRequest__Output as _millrace_v1_ListRequest__Output } from './millrace/v1/ListRequest.ts';
import type { LogChunk as _millrace_v1_LogChunk, LogChunk__Output as _millrace_v1_LogChunk__Output } from './millrace/v1/LogChunk.ts';
import type { LogsRequest as _millrace_v1_LogsRequest, LogsRequest__Output as _millrace_v1_LogsRequest__Output } from './millrace/v1/LogsRequest.ts';
import type { MapStageSpec as _millrace_v1_MapStageSpec, MapStageSpec__Output as _millrace_v1_MapStageSpec__Output } from './millrace/v1/MapStageSpec.ts';
import type { NamedCount as _millrace_v1_NamedCount, NamedCount__Output as _millrace_v1_NamedCount__Output } from './millrace/v1/NamedCount.ts';
import type { NamedText as _millrace_v1_NamedText, NamedText__Output as _millrace_v1_NamedText__Output } from './millrace/v1/NamedText.ts';
import type { OutputFile as _millrace_v1_OutputFile, OutputFile__Output as _millrace_v1_OutputFile__Output } from './millrace/v1/OutputFile.ts';
import type { OutputSpec as _millrace_v1_OutputSpec, OutputSpec__Output as _millrace_v1_OutputSpec__Output } from './millrace/v1/OutputSpec.ts';
import type { OutputTarget as _millrace_v1_OutputTarget, OutputTarget__Output as _millrace_v1_OutputTarget__Output } from './millrace/v1/OutputTarget.ts';
import type { OutputTotal as _millrace_v1_OutputTotal, OutputTotal__Output as _millrace_v1_OutputTotal__Output } from './millrace/v1/OutputTotal.ts';
import type { OwnedRange as _millrace_v1_OwnedRange, OwnedRange__Output as _millrace_v1_OwnedRange__Output } from './millrace/v1/OwnedRange.ts';
import type { PartFileOptions as _millrace_v1_PartFileOptions, PartFileOptions__Output as _millrace_v1_PartFileOptions__Output } from './millrace/v1/PartFileOptions.ts';
import type { ReduceStageSpec as _millrace_v1_ReduceStageSpec, ReduceStageSpec__Output as _millrace_v1_ReduceStageSpec__Output } from './millrace/v1/ReduceStageSpec.ts';
import type { RunSummary as _millrace_v1_RunSummary, RunSummary__Output as _millrace_v1_RunSummary__Output } from './millrace/v1/RunSummary.ts';
import type { SampleStageSpec as _millrace_v1_SampleStageSpec, SampleStageSpec__Output as _millrace_v1_SampleStageSpec__Output } from './millrace/v1/SampleStageSpec.ts';
import type { SegmentVector as _millrace_v1_SegmentVector, SegmentVector__Output as _millrace_v1_SegmentVector__Output } from './millrace/v1/SegmentVector.ts';
import type { ShuffleSpec as _millrace_v1_ShuffleSpec, ShuffleSpec__Output as _millrace_v1_ShuffleSpec__Output } from './millrace/v1/ShuffleSpec.ts';
import type { SideFile as _millrace_v1_SideFile, SideFile__Output as _millrace_v1_SideFile__Output } from './millrace/v1/SideFile.ts';
import type { Split as _millrace_v1_Split, Split__Output as _millrace_v1_Split__Output } from './millrace/v1/Split.ts';
import type { SplitPart as _millrace_v1_SplitPart, SplitPart__Output as _millrace_v1_SplitPart__Output } from './millrace/v1/SplitPart.ts';
import type { Stage as _millrace_v1_Stage, Stage__Output as _millrace_v1_Stage__Output } from './millrace/v1/Stage.ts';
import type { StageSpec as _millrace_v1_StageSpec, StageSpec__Output as _millrace_v1_StageSpec__Output } from './millrace/v1/StageSpec.ts';
import type { SubmitHeader as _millrace_v1_SubmitHeader, SubmitHeader__Output as _millrace_v1_SubmitHeader__Output } from './millrace/v1/SubmitHeader.ts';
import type { SubmitReply as _millrace_v1_SubmitReply, SubmitReply__Output as _millrace_v1_SubmitReply__Output } from './millrace/v1/SubmitReply.ts';
import type { SubmitRequest as _millrace_v1_SubmitRequest, SubmitRequest__Output as _millrace_v1_SubmitRequest__Output } from './millrace/v1/SubmitRequest.ts';
import type { Task as _millrace_v1_Task, Task__Output as _millrace_v1_Task__Output } from './millrace/v1/Task.ts';
import type { TasksReply as _millrace_v1_TasksReply, TasksReply__Output as _millrace_v1_TasksReply__Output } from './millrace/v1/TasksReply.ts';
import type { TasksRequest as _millrace_v1_TasksRequest, TasksRequest__Output as _millrace_v1_TasksRequest__Output } from './millrace/v1/TasksRequest.ts';
import type { Wait as _millrace_v1_Wait, Wait__Output as _millrace_v1_Wait__Output } from './millrace/v1/Wait.ts';
import type { WatchRequest as _millrace_v1_WatchRequest, WatchRequest__Output as _millrace_v1_WatchRequest__Output } from './millrace/v1/WatchRequest.ts';
import type { Worker as _millrace_v1_Worker, Worker__Output as _millrace_v1_Worker__Output } from './millrace/v1/Worker.ts';
import type { WorkersReply as _millrace_v1_WorkersReply, WorkersReply__Output as _millrace_v1_WorkersReply__Output } from './millrace/v1/WorkersReply.ts';
import type { WorkersRequest as _millrace_v1_WorkersRequest, WorkersRequest__Output as _millrace_v1_WorkersRequest__Output } from './millrace/v1/WorkersRequest.ts';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  millrace: {
    v1: {
      Attempt: MessageTypeDefinition<_millrace_v1_Attempt, _millrace_v1_Attempt__Output>
      AttemptFailure: MessageTypeDefinition<_millrace_v1_AttemptFailure, _millrace_v1_AttemptFailure__Output>
      AttemptPhase: EnumTypeDefinition
      AttemptProgress: MessageTypeDefinition<_millrace_v1_AttemptProgress, _millrace_v1_AttemptProgress__Output>
      AttemptRef: MessageTypeDefinition<_millrace_v1_AttemptRef, _millrace_v1_AttemptRef__Output>
      AttemptResult: MessageTypeDefinition<_millrace_v1_AttemptResult, _millrace_v1_AttemptResult__Output>
      AttemptState: EnumTypeDefinition
      AttemptUsage: MessageTypeDefinition<_millrace_v1_AttemptUsage, _millrace_v1_AttemptUsage__Output>
      BadRecordSample: MessageTypeDefinition<_millrace_v1_BadRecordSample, _millrace_v1_BadRecordSample__Output>
      BundleRef: MessageTypeDefinition<_millrace_v1_BundleRef, _millrace_v1_BundleRef__Output>
      Codec: EnumTypeDefinition
      Consumed: MessageTypeDefinition<_millrace_v1_Consumed, _millrace_v1_Consumed__Output>
      ConsumedSegments: MessageTypeDefinition<_millrace_v1_ConsumedSegments, _millrace_v1_ConsumedSegments__Output>
      ConsumedSplits: MessageTypeDefinition<_millrace_v1_ConsumedSplits, _millrace_v1_ConsumedSplits__Output>
      CountersReply: MessageTypeDefinition<_millrace_v1_CountersReply, _millrace_v1_CountersReply__Output>
      CountersRequest: MessageTypeDefinition<_millrace_v1_CountersRequest, _millrace_v1_CountersRequest__Output>
      Event: MessageTypeDefinition<_millrace_v1_Event, _millrace_v1_Event__Output>
      EventsRequest: MessageTypeDefinition<_millrace_v1_EventsRequest, _millrace_v1_EventsRequest__Output>
      FailedRecord: MessageTypeDefinition<_millrace_v1_FailedRecord, _millrace_v1_FailedRecord__Output>
      GetRequest: MessageTypeDefinition<_millrace_v1_GetRequest, _millrace_v1_GetRequest__Output>
      InputFormatSpec: MessageTypeDefinition<_millrace_v1_InputFormatSpec, _millrace_v1_InputFormatSpec__Output>
      InputGrowth: EnumTypeDefinition
      InputSpec: MessageTypeDefinition<_millrace_v1_InputSpec, _millrace_v1_InputSpec__Output>
      Job: MessageTypeDefinition<_millrace_v1_Job, _millrace_v1_Job__Output>
      JobOptions: MessageTypeDefinition<_millrace_v1_JobOptions, _millrace_v1_JobOptions__Output>
      /**
       * Called by the command line and by programs.
       */
      JobService: SubtypeConstructor<typeof grpc.Client, _millrace_v1_JobServiceClient> & { service: _millrace_v1_JobServiceDefinition }
      JobSpec: MessageTypeDefinition<_millrace_v1_JobSpec, _millrace_v1_JobSpec__Output>
      JobState: EnumTypeDefinition
      JobSummary: MessageTypeDefinition<_millrace_v1_JobSummary, _millrace_v1_JobSummary__Output>
      KillReply: MessageTypeDefinition<_millrace_v1_KillReply, _millrace_v1_KillReply__Output>
      KillRequest: MessageTypeDefinition<_millrace_v1_KillRequest, _millrace_v1_KillRequest__Output>
      ListReply: MessageTypeDefinition<_millrace_v1_ListReply, _millrace_v1_ListReply__Output>
      ListRequest: MessageTypeDefinition<_millrace_v1_ListRequest, _millrace_v1_ListRequest__Output>
      LogChunk: MessageTypeDefinition<_millrace_v1_LogChunk, _millrace_v1_LogChunk__Output>
      LogsRequest: MessageTypeDefinition<_millrace_v1_LogsRequest, _millrace_v1_LogsRequest__Output>
      MapStageSpec: MessageTypeDefinition<_millrace_v1_MapStageSpec, _millrace_v1_MapStageSpec__Output>
      NamedCount: MessageTypeDefinition<_millrace_v1_NamedCount, _millrace_v1_NamedCount__Output>
      NamedText: MessageTypeDefinition<_millrace_v1_NamedText, _millrace_v1_NamedText__Output>
      OutputFile: MessageTypeDefinition<_millrace_v1_OutputFile, _millrace_v1_OutputFile__Output>
      OutputSpec: MessageTypeDefinition<_millrace_v1_OutputSpec, _millrace_v1_OutputSpec__Output>
      OutputTarget: MessageTypeDefinition<_millrace_v1_OutputTarget, _millrace_v1_OutputTarget__Output>
      OutputTotal: MessageTypeDefinition<_millrace_v1_OutputTotal, _millrace_v1_OutputTotal__Output>
      OwnedRange: MessageTypeDefinition<_millrace_v1_OwnedRange, _millrace_v1_OwnedRange__Output>
      PairKind: EnumTypeDefinition
      PartFileOptions: MessageTypeDefinition<_millrace_v1_PartFileOptions, _millrace_v1_PartFileOptions__Output>
      ReduceStageSpec: MessageTypeDefinition<_millrace_v1_ReduceStageSpec, _millrace_v1_ReduceStageSpec__Output>
      RunSummary: MessageTypeDefinition<_millrace_v1_RunSummary, _millrace_v1_RunSummary__Output>
      SampleStageSpec: MessageTypeDefinition<_millrace_v1_SampleStageSpec, _millrace_v1_SampleStageSpec__Output>
      SegmentVector: MessageTypeDefinition<_millrace_v1_SegmentVector, _millrace_v1_SegmentVector__Output>
      ShuffleSpec: MessageTypeDefinition<_millrace_v1_ShuffleSpec, _millrace_v1_ShuffleSpec__Output>
      SideFile: MessageTypeDefinition<_millrace_v1_SideFile, _millrace_v1_SideFile__Output>
      Split: MessageTypeDefinition<_millrace_v1_Split, _millrace_v1_Split__Output>
      SplitPart: MessageTypeDefinition<_millrace_v1_SplitPart, _millrace_v1_SplitPart__Output>
      Splitting: EnumTypeDefinition
      Stage: MessageTypeDefinition<_millrace_v1_Stage, _millrace_v1_Stage__Output>
      StageKind: EnumTypeDefinition
      StageSpec: MessageTypeDefinition<_millrace_v1_StageSpec, _millrace_v1_StageSpec__Output>
      SubmitHeader: MessageTypeDefinition<_millrace_v1_SubmitHeader, _millrace_v1_SubmitHeader__Output>
      SubmitReply: MessageTypeDefinition<_millrace_v1_SubmitReply, _millrace_v1_SubmitReply__Output>
      SubmitRequest: MessageTypeDefinition<_millrace_v1_SubmitRequest, _millrace_v1_SubmitRequest__Output>
      Task: MessageTypeDefinition<_millrace_v1_Task, _millrace_v1_Task__Output>
      TaskState: EnumTypeDefinition
      TasksReply: MessageTypeDefinition<_millrace_v1_TasksReply, _millrace_v1_TasksReply__Output>
      TasksRequest: MessageTypeDefinition<_millrace_v1_TasksRequest, _millrace_v1_TasksRequest__Output>
      Wait: MessageTypeDefinition<_millrace_v1_Wait, _millrace_v1_Wait__Output>
      WatchRequest: MessageTypeDefinition<_millrace_v1_WatchRequest, _millrace_v1_WatchRequest__Output>
      Worker: MessageTypeDefinition<_millrace_v1_Worker, _millrace_v1_Worker__Output>
      WorkerState: EnumTypeDefinition
      WorkersReply: MessageTypeDefinition<_millrace_v1_WorkersReply, _millrace_v1_WorkersReply__Output>
      WorkersRequest: MessageTypeDefinition<_millrace_v1_WorkersRequest, _millrace_v1_WorkersRequest__Output>
    }
  }
}

