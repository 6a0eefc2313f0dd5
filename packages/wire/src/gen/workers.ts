import type * as grpc from '@grpc/grpc-js';
import type { EnumTypeDefinition, MessageTypeDefinition } from '@grpc/proto-loader';

import type { Acknowledge as _millrace_v1_Acknowledge, Acknowledge__Output as _millrace_v1_Acknowledge__Output } from './millrace/v1/Acknowledge.ts';
import type { AttemptFailure as _millrace_v1_AttemptFailure, AttemptFailure__Output as _millrace_v1_AttemptFailure__Output } from './millrace/v1/AttemptFailure.ts';
import type { AttemptProgress as _millrace_v1_AttemptProgress, AttemptProgress__Output as _millrace_v1_AttemptProgress__Output } from './millrace/v1/AttemptProgress.ts';
import type { AttemptRef as _millrace_v1_AttemptRef, AttemptRef__Output as _millrace_v1_AttemptRef__Output } from './millrace/v1/AttemptRef.ts';
import type { AttemptResult as _millrace_v1_AttemptResult, AttemptResult__Output as _millrace_v1_AttemptResult__Output } from './millrace/v1/AttemptResult.ts';
import type { AttemptUsage as _millrace_v1_AttemptUsage, AttemptUsage__Output as _millrace_v1_AttemptUsage__Output } from './millrace/v1/AttemptUsage.ts';
import type { BadRecordSample as _millrace_v1_BadRecordSample, BadRecordSample__Output as _millrace_v1_BadRecordSample__Output } from './millrace/v1/BadRecordSample.ts';
import type { Brief as _millrace_v1_Brief, Brief__Output as _millrace_v1_Brief__Output } from './millrace/v1/Brief.ts';
import type { BundleChunk as _millrace_v1_BundleChunk, BundleChunk__Output as _millrace_v1_BundleChunk__Output } from './millrace/v1/BundleChunk.ts';
import type { Complaint as _millrace_v1_Complaint, Complaint__Output as _millrace_v1_Complaint__Output } from './millrace/v1/Complaint.ts';
import type { Consumed as _millrace_v1_Consumed, Consumed__Output as _millrace_v1_Consumed__Output } from './millrace/v1/Consumed.ts';
import type { ConsumedSegments as _millrace_v1_ConsumedSegments, ConsumedSegments__Output as _millrace_v1_ConsumedSegments__Output } from './millrace/v1/ConsumedSegments.ts';
import type { ConsumedSplits as _millrace_v1_ConsumedSplits, ConsumedSplits__Output as _millrace_v1_ConsumedSplits__Output } from './millrace/v1/ConsumedSplits.ts';
import type { CoordinatorMessage as _millrace_v1_CoordinatorMessage, CoordinatorMessage__Output as _millrace_v1_CoordinatorMessage__Output } from './millrace/v1/CoordinatorMessage.ts';
import type { Failed as _millrace_v1_Failed, Failed__Output as _millrace_v1_Failed__Output } from './millrace/v1/Failed.ts';
import type { FailedRecord as _millrace_v1_FailedRecord, FailedRecord__Output as _millrace_v1_FailedRecord__Output } from './millrace/v1/FailedRecord.ts';
import type { FetchBundleRequest as _millrace_v1_FetchBundleRequest, FetchBundleRequest__Output as _millrace_v1_FetchBundleRequest__Output } from './millrace/v1/FetchBundleRequest.ts';
import type { Finished as _millrace_v1_Finished, Finished__Output as _millrace_v1_Finished__Output } from './millrace/v1/Finished.ts';
import type { ForgetJob as _millrace_v1_ForgetJob, ForgetJob__Output as _millrace_v1_ForgetJob__Output } from './millrace/v1/ForgetJob.ts';
import type { Gather as _millrace_v1_Gather, Gather__Output as _millrace_v1_Gather__Output } from './millrace/v1/Gather.ts';
import type { Gathered as _millrace_v1_Gathered, Gathered__Output as _millrace_v1_Gathered__Output } from './millrace/v1/Gathered.ts';
import type { Heartbeat as _millrace_v1_Heartbeat, Heartbeat__Output as _millrace_v1_Heartbeat__Output } from './millrace/v1/Heartbeat.ts';
import type { HeldSegments as _millrace_v1_HeldSegments, HeldSegments__Output as _millrace_v1_HeldSegments__Output } from './millrace/v1/HeldSegments.ts';
import type { InventoryPage as _millrace_v1_InventoryPage, InventoryPage__Output as _millrace_v1_InventoryPage__Output } from './millrace/v1/InventoryPage.ts';
import type { JobBrief as _millrace_v1_JobBrief, JobBrief__Output as _millrace_v1_JobBrief__Output } from './millrace/v1/JobBrief.ts';
import type { Kill as _millrace_v1_Kill, Kill__Output as _millrace_v1_Kill__Output } from './millrace/v1/Kill.ts';
import type { LaunchMap as _millrace_v1_LaunchMap, LaunchMap__Output as _millrace_v1_LaunchMap__Output } from './millrace/v1/LaunchMap.ts';
import type { LaunchReduce as _millrace_v1_LaunchReduce, LaunchReduce__Output as _millrace_v1_LaunchReduce__Output } from './millrace/v1/LaunchReduce.ts';
import type { LaunchSample as _millrace_v1_LaunchSample, LaunchSample__Output as _millrace_v1_LaunchSample__Output } from './millrace/v1/LaunchSample.ts';
import type { NamedCount as _millrace_v1_NamedCount, NamedCount__Output as _millrace_v1_NamedCount__Output } from './millrace/v1/NamedCount.ts';
import type { NamedText as _millrace_v1_NamedText, NamedText__Output as _millrace_v1_NamedText__Output } from './millrace/v1/NamedText.ts';
import type { OutputFile as _millrace_v1_OutputFile, OutputFile__Output as _millrace_v1_OutputFile__Output } from './millrace/v1/OutputFile.ts';
import type { OutputSpec as _millrace_v1_OutputSpec, OutputSpec__Output as _millrace_v1_OutputSpec__Output } from './millrace/v1/OutputSpec.ts';
import type { OwnedRange as _millrace_v1_OwnedRange, OwnedRange__Output as _millrace_v1_OwnedRange__Output } from './millrace/v1/OwnedRange.ts';
import type { PartFileOptions as _millrace_v1_PartFileOptions, PartFileOptions__Output as _millrace_v1_PartFileOptions__Output } from './millrace/v1/PartFileOptions.ts';
import type { Places as _millrace_v1_Places, Places__Output as _millrace_v1_Places__Output } from './millrace/v1/Places.ts';
import type { PlacesLost as _millrace_v1_PlacesLost, PlacesLost__Output as _millrace_v1_PlacesLost__Output } from './millrace/v1/PlacesLost.ts';
import type { Ranges as _millrace_v1_Ranges, Ranges__Output as _millrace_v1_Ranges__Output } from './millrace/v1/Ranges.ts';
import type { Refused as _millrace_v1_Refused, Refused__Output as _millrace_v1_Refused__Output } from './millrace/v1/Refused.ts';
import type { Register as _millrace_v1_Register, Register__Output as _millrace_v1_Register__Output } from './millrace/v1/Register.ts';
import type { Registered as _millrace_v1_Registered, Registered__Output as _millrace_v1_Registered__Output } from './millrace/v1/Registered.ts';
import type { Release as _millrace_v1_Release, Release__Output as _millrace_v1_Release__Output } from './millrace/v1/Release.ts';
import type { RunSummary as _millrace_v1_RunSummary, RunSummary__Output as _millrace_v1_RunSummary__Output } from './millrace/v1/RunSummary.ts';
import type { SegmentPlace as _millrace_v1_SegmentPlace, SegmentPlace__Output as _millrace_v1_SegmentPlace__Output } from './millrace/v1/SegmentPlace.ts';
import type { SegmentVector as _millrace_v1_SegmentVector, SegmentVector__Output as _millrace_v1_SegmentVector__Output } from './millrace/v1/SegmentVector.ts';
import type { SideFile as _millrace_v1_SideFile, SideFile__Output as _millrace_v1_SideFile__Output } from './millrace/v1/SideFile.ts';
import type { Split as _millrace_v1_Split, Split__Output as _millrace_v1_Split__Output } from './millrace/v1/Split.ts';
import type { SplitPage as _millrace_v1_SplitPage, SplitPage__Output as _millrace_v1_SplitPage__Output } from './millrace/v1/SplitPage.ts';
import type { SplitPart as _millrace_v1_SplitPart, SplitPart__Output as _millrace_v1_SplitPart__Output } from './millrace/v1/SplitPart.ts';
import type { StageBrief as _millrace_v1_StageBrief, StageBrief__Output as _millrace_v1_StageBrief__Output } from './millrace/v1/StageBrief.ts';
import type { VerdictPage as _millrace_v1_VerdictPage, VerdictPage__Output as _millrace_v1_VerdictPage__Output } from './millrace/v1/VerdictPage.ts';
import type { Verified as _millrace_v1_Verified, Verified__Output as _millrace_v1_Verified__Output } from './millrace/v1/Verified.ts';
import type { Verify as _millrace_v1_Verify, Verify__Output as _millrace_v1_Verify__Output } from './millrace/v1/Verify.ts';
import type { WorkerDescription as _millrace_v1_WorkerDescription, WorkerDescription__Output as _millrace_v1_WorkerDescription__Output } from './millrace/v1/WorkerDescription.ts';
import type { WorkerMessage as _millrace_v1_WorkerMessage, WorkerMessage__Output as _millrace_v1_WorkerMessage__Output } from './millrace/v1/WorkerMessage.ts';
import type { WorkerServiceClient as _millrace_v1_WorkerServiceClient, WorkerServiceDefinition as _millrace_v1_WorkerServiceDefinition } from './millrace/v1/WorkerService.ts';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  millrace: {
    v1: {
      Acknowledge: MessageTypeDefinition<_millrace_v1_Acknowledge, _millrace_v1_Acknowledge__Output>
      AttemptFailure: MessageTypeDefinition<_millrace_v1_AttemptFailure, _millrace_v1_AttemptFailure__Output>
      AttemptPhase: EnumTypeDefinition
      AttemptProgress: MessageTypeDefinition<_millrace_v1_AttemptProgress, _millrace_v1_AttemptProgress__Output>
      AttemptRef: MessageTypeDefinition<_millrace_v1_AttemptRef, _millrace_v1_AttemptRef__Output>
      AttemptResult: MessageTypeDefinition<_millrace_v1_AttemptResult, _millrace_v1_AttemptResult__Output>
      AttemptUsage: MessageTypeDefinition<_millrace_v1_AttemptUsage, _millrace_v1_AttemptUsage__Output>
      BadRecordSample: MessageTypeDefinition<_millrace_v1_BadRecordSample, _millrace_v1_BadRecordSample__Output>
      Brief: MessageTypeDefinition<_millrace_v1_Brief, _millrace_v1_Brief__Output>
      BundleChunk: MessageTypeDefinition<_millrace_v1_BundleChunk, _millrace_v1_BundleChunk__Output>
      Codec: EnumTypeDefinition
      Complaint: MessageTypeDefinition<_millrace_v1_Complaint, _millrace_v1_Complaint__Output>
      ComplaintReason: EnumTypeDefinition
      Consumed: MessageTypeDefinition<_millrace_v1_Consumed, _millrace_v1_Consumed__Output>
      ConsumedSegments: MessageTypeDefinition<_millrace_v1_ConsumedSegments, _millrace_v1_ConsumedSegments__Output>
      ConsumedSplits: MessageTypeDefinition<_millrace_v1_ConsumedSplits, _millrace_v1_ConsumedSplits__Output>
      CoordinatorMessage: MessageTypeDefinition<_millrace_v1_CoordinatorMessage, _millrace_v1_CoordinatorMessage__Output>
      Failed: MessageTypeDefinition<_millrace_v1_Failed, _millrace_v1_Failed__Output>
      FailedRecord: MessageTypeDefinition<_millrace_v1_FailedRecord, _millrace_v1_FailedRecord__Output>
      FetchBundleRequest: MessageTypeDefinition<_millrace_v1_FetchBundleRequest, _millrace_v1_FetchBundleRequest__Output>
      Finished: MessageTypeDefinition<_millrace_v1_Finished, _millrace_v1_Finished__Output>
      ForgetJob: MessageTypeDefinition<_millrace_v1_ForgetJob, _millrace_v1_ForgetJob__Output>
      Gather: MessageTypeDefinition<_millrace_v1_Gather, _millrace_v1_Gather__Output>
      Gathered: MessageTypeDefinition<_millrace_v1_Gathered, _millrace_v1_Gathered__Output>
      Heartbeat: MessageTypeDefinition<_millrace_v1_Heartbeat, _millrace_v1_Heartbeat__Output>
      HeldSegments: MessageTypeDefinition<_millrace_v1_HeldSegments, _millrace_v1_HeldSegments__Output>
      InputGrowth: EnumTypeDefinition
      InventoryPage: MessageTypeDefinition<_millrace_v1_InventoryPage, _millrace_v1_InventoryPage__Output>
      JobBrief: MessageTypeDefinition<_millrace_v1_JobBrief, _millrace_v1_JobBrief__Output>
      Kill: MessageTypeDefinition<_millrace_v1_Kill, _millrace_v1_Kill__Output>
      LaunchMap: MessageTypeDefinition<_millrace_v1_LaunchMap, _millrace_v1_LaunchMap__Output>
      LaunchReduce: MessageTypeDefinition<_millrace_v1_LaunchReduce, _millrace_v1_LaunchReduce__Output>
      LaunchSample: MessageTypeDefinition<_millrace_v1_LaunchSample, _millrace_v1_LaunchSample__Output>
      NamedCount: MessageTypeDefinition<_millrace_v1_NamedCount, _millrace_v1_NamedCount__Output>
      NamedText: MessageTypeDefinition<_millrace_v1_NamedText, _millrace_v1_NamedText__Output>
      OutputFile: MessageTypeDefinition<_millrace_v1_OutputFile, _millrace_v1_OutputFile__Output>
      OutputSpec: MessageTypeDefinition<_millrace_v1_OutputSpec, _millrace_v1_OutputSpec__Output>
      OwnedRange: MessageTypeDefinition<_millrace_v1_OwnedRange, _millrace_v1_OwnedRange__Output>
      PartFileOptions: MessageTypeDefinition<_millrace_v1_PartFileOptions, _millrace_v1_PartFileOptions__Output>
      Places: MessageTypeDefinition<_millrace_v1_Places, _millrace_v1_Places__Output>
      PlacesLost: MessageTypeDefinition<_millrace_v1_PlacesLost, _millrace_v1_PlacesLost__Output>
      Ranges: MessageTypeDefinition<_millrace_v1_Ranges, _millrace_v1_Ranges__Output>
      Refused: MessageTypeDefinition<_millrace_v1_Refused, _millrace_v1_Refused__Output>
      Register: MessageTypeDefinition<_millrace_v1_Register, _millrace_v1_Register__Output>
      Registered: MessageTypeDefinition<_millrace_v1_Registered, _millrace_v1_Registered__Output>
      Release: MessageTypeDefinition<_millrace_v1_Release, _millrace_v1_Release__Output>
      RunSummary: MessageTypeDefinition<_millrace_v1_RunSummary, _millrace_v1_RunSummary__Output>
      SegmentPlace: MessageTypeDefinition<_millrace_v1_SegmentPlace, _millrace_v1_SegmentPlace__Output>
      SegmentVector: MessageTypeDefinition<_millrace_v1_SegmentVector, _millrace_v1_SegmentVector__Output>
      SideFile: MessageTypeDefinition<_millrace_v1_SideFile, _millrace_v1_SideFile__Output>
      Split: MessageTypeDefinition<_millrace_v1_Split, _millrace_v1_Split__Output>
      SplitPage: MessageTypeDefinition<_millrace_v1_SplitPage, _millrace_v1_SplitPage__Output>
      SplitPart: MessageTypeDefinition<_millrace_v1_SplitPart, _millrace_v1_SplitPart__Output>
      StageBrief: MessageTypeDefinition<_millrace_v1_StageBrief, _millrace_v1_StageBrief__Output>
      StageKind: EnumTypeDefinition
      Verdict: EnumTypeDefinition
      VerdictPage: MessageTypeDefinition<_millrace_v1_VerdictPage, _millrace_v1_VerdictPage__Output>
      Verified: MessageTypeDefinition<_millrace_v1_Verified, _millrace_v1_Verified__Output>
      Verify: MessageTypeDefinition<_millrace_v1_Verify, _millrace_v1_Verify__Output>
      WorkerDescription: MessageTypeDefinition<_millrace_v1_WorkerDescription, _millrace_v1_WorkerDescription__Output>
      WorkerMessage: MessageTypeDefinition<_millrace_v1_WorkerMessage, _millrace_v1_WorkerMessage__Output>
      /**
       * Called by workers.
       */
      WorkerService: SubtypeConstructor<typeof grpc.Client, _millrace_v1_WorkerServiceClient> & { service: _millrace_v1_WorkerServiceDefinition }
    }
  }
}

