// Original file: millrace/v1/workers.proto

import type { Registered as _millrace_v1_Registered, Registered__Output as _millrace_v1_Registered__Output } from '../../millrace/v1/Registered.ts';
import type { VerdictPage as _millrace_v1_VerdictPage, VerdictPage__Output as _millrace_v1_VerdictPage__Output } from '../../millrace/v1/VerdictPage.ts';
import type { Refused as _millrace_v1_Refused, Refused__Output as _millrace_v1_Refused__Output } from '../../millrace/v1/Refused.ts';
import type { Brief as _millrace_v1_Brief, Brief__Output as _millrace_v1_Brief__Output } from '../../millrace/v1/Brief.ts';
import type { LaunchMap as _millrace_v1_LaunchMap, LaunchMap__Output as _millrace_v1_LaunchMap__Output } from '../../millrace/v1/LaunchMap.ts';
import type { SplitPage as _millrace_v1_SplitPage, SplitPage__Output as _millrace_v1_SplitPage__Output } from '../../millrace/v1/SplitPage.ts';
import type { Gather as _millrace_v1_Gather, Gather__Output as _millrace_v1_Gather__Output } from '../../millrace/v1/Gather.ts';
import type { Places as _millrace_v1_Places, Places__Output as _millrace_v1_Places__Output } from '../../millrace/v1/Places.ts';
import type { PlacesLost as _millrace_v1_PlacesLost, PlacesLost__Output as _millrace_v1_PlacesLost__Output } from '../../millrace/v1/PlacesLost.ts';
import type { LaunchReduce as _millrace_v1_LaunchReduce, LaunchReduce__Output as _millrace_v1_LaunchReduce__Output } from '../../millrace/v1/LaunchReduce.ts';
import type { Kill as _millrace_v1_Kill, Kill__Output as _millrace_v1_Kill__Output } from '../../millrace/v1/Kill.ts';
import type { Acknowledge as _millrace_v1_Acknowledge, Acknowledge__Output as _millrace_v1_Acknowledge__Output } from '../../millrace/v1/Acknowledge.ts';
import type { Verify as _millrace_v1_Verify, Verify__Output as _millrace_v1_Verify__Output } from '../../millrace/v1/Verify.ts';
import type { Release as _millrace_v1_Release, Release__Output as _millrace_v1_Release__Output } from '../../millrace/v1/Release.ts';
import type { ForgetJob as _millrace_v1_ForgetJob, ForgetJob__Output as _millrace_v1_ForgetJob__Output } from '../../millrace/v1/ForgetJob.ts';
import type { LaunchSample as _millrace_v1_LaunchSample, LaunchSample__Output as _millrace_v1_LaunchSample__Output } from '../../millrace/v1/LaunchSample.ts';
import type { Ranges as _millrace_v1_Ranges, Ranges__Output as _millrace_v1_Ranges__Output } from '../../millrace/v1/Ranges.ts';

export interface CoordinatorMessage {
  'registered'?: (_millrace_v1_Registered | null);
  'verdictPage'?: (_millrace_v1_VerdictPage | null);
  'refused'?: (_millrace_v1_Refused | null);
  'brief'?: (_millrace_v1_Brief | null);
  'launchMap'?: (_millrace_v1_LaunchMap | null);
  'splitPage'?: (_millrace_v1_SplitPage | null);
  'gather'?: (_millrace_v1_Gather | null);
  'places'?: (_millrace_v1_Places | null);
  'placesLost'?: (_millrace_v1_PlacesLost | null);
  'launchReduce'?: (_millrace_v1_LaunchReduce | null);
  'kill'?: (_millrace_v1_Kill | null);
  'acknowledge'?: (_millrace_v1_Acknowledge | null);
  'verify'?: (_millrace_v1_Verify | null);
  'release'?: (_millrace_v1_Release | null);
  'forgetJob'?: (_millrace_v1_ForgetJob | null);
  'launchSample'?: (_millrace_v1_LaunchSample | null);
  'ranges'?: (_millrace_v1_Ranges | null);
  'kind'?: "registered"|"verdictPage"|"refused"|"brief"|"launchMap"|"splitPage"|"gather"|"places"|"placesLost"|"launchReduce"|"kill"|"acknowledge"|"verify"|"release"|"forgetJob"|"launchSample"|"ranges";
}

export interface CoordinatorMessage__Output {
  'registered'?: (_millrace_v1_Registered__Output | null);
  'verdictPage'?: (_millrace_v1_VerdictPage__Output | null);
  'refused'?: (_millrace_v1_Refused__Output | null);
  'brief'?: (_millrace_v1_Brief__Output | null);
  'launchMap'?: (_millrace_v1_LaunchMap__Output | null);
  'splitPage'?: (_millrace_v1_SplitPage__Output | null);
  'gather'?: (_millrace_v1_Gather__Output | null);
  'places'?: (_millrace_v1_Places__Output | null);
  'placesLost'?: (_millrace_v1_PlacesLost__Output | null);
  'launchReduce'?: (_millrace_v1_LaunchReduce__Output | null);
  'kill'?: (_millrace_v1_Kill__Output | null);
  'acknowledge'?: (_millrace_v1_Acknowledge__Output | null);
  'verify'?: (_millrace_v1_Verify__Output | null);
  'release'?: (_millrace_v1_Release__Output | null);
  'forgetJob'?: (_millrace_v1_ForgetJob__Output | null);
  'launchSample'?: (_millrace_v1_LaunchSample__Output | null);
  'ranges'?: (_millrace_v1_Ranges__Output | null);
  'kind'?: "registered"|"verdictPage"|"refused"|"brief"|"launchMap"|"splitPage"|"gather"|"places"|"placesLost"|"launchReduce"|"kill"|"acknowledge"|"verify"|"release"|"forgetJob"|"launchSample"|"ranges";
}
