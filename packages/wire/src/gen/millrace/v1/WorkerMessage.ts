// Original file: millrace/v1/workers.proto

import type { Register as _millrace_v1_Register, Register__Output as _millrace_v1_Register__Output } from '../../millrace/v1/Register.ts';
import type { InventoryPage as _millrace_v1_InventoryPage, InventoryPage__Output as _millrace_v1_InventoryPage__Output } from '../../millrace/v1/InventoryPage.ts';
import type { Heartbeat as _millrace_v1_Heartbeat, Heartbeat__Output as _millrace_v1_Heartbeat__Output } from '../../millrace/v1/Heartbeat.ts';
import type { Finished as _millrace_v1_Finished, Finished__Output as _millrace_v1_Finished__Output } from '../../millrace/v1/Finished.ts';
import type { Failed as _millrace_v1_Failed, Failed__Output as _millrace_v1_Failed__Output } from '../../millrace/v1/Failed.ts';
import type { Gathered as _millrace_v1_Gathered, Gathered__Output as _millrace_v1_Gathered__Output } from '../../millrace/v1/Gathered.ts';
import type { Complaint as _millrace_v1_Complaint, Complaint__Output as _millrace_v1_Complaint__Output } from '../../millrace/v1/Complaint.ts';
import type { Verified as _millrace_v1_Verified, Verified__Output as _millrace_v1_Verified__Output } from '../../millrace/v1/Verified.ts';

export interface WorkerMessage {
  'register'?: (_millrace_v1_Register | null);
  'inventoryPage'?: (_millrace_v1_InventoryPage | null);
  'heartbeat'?: (_millrace_v1_Heartbeat | null);
  'finished'?: (_millrace_v1_Finished | null);
  'failed'?: (_millrace_v1_Failed | null);
  'gathered'?: (_millrace_v1_Gathered | null);
  'complaint'?: (_millrace_v1_Complaint | null);
  'verified'?: (_millrace_v1_Verified | null);
  'kind'?: "register"|"inventoryPage"|"heartbeat"|"finished"|"failed"|"gathered"|"complaint"|"verified";
}

export interface WorkerMessage__Output {
  'register'?: (_millrace_v1_Register__Output | null);
  'inventoryPage'?: (_millrace_v1_InventoryPage__Output | null);
  'heartbeat'?: (_millrace_v1_Heartbeat__Output | null);
  'finished'?: (_millrace_v1_Finished__Output | null);
  'failed'?: (_millrace_v1_Failed__Output | null);
  'gathered'?: (_millrace_v1_Gathered__Output | null);
  'complaint'?: (_millrace_v1_Complaint__Output | null);
  'verified'?: (_millrace_v1_Verified__Output | null);
  'kind'?: "register"|"inventoryPage"|"heartbeat"|"finished"|"failed"|"gathered"|"complaint"|"verified";
}
