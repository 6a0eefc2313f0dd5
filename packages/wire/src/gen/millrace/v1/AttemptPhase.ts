// Original file: millrace/v1/task.proto

export const AttemptPhase = {
  ATTEMPT_PHASE_UNSPECIFIED: 'ATTEMPT_PHASE_UNSPECIFIED',
  ATTEMPT_PHASE_GATHER: 'ATTEMPT_PHASE_GATHER',
  ATTEMPT_PHASE_MAP: 'ATTEMPT_PHASE_MAP',
  ATTEMPT_PHASE_REDUCE: 'ATTEMPT_PHASE_REDUCE',
  ATTEMPT_PHASE_WRITE: 'ATTEMPT_PHASE_WRITE',
} as const;

export type AttemptPhase =
  | 'ATTEMPT_PHASE_UNSPECIFIED'
  | 0
  | 'ATTEMPT_PHASE_GATHER'
  | 1
  | 'ATTEMPT_PHASE_MAP'
  | 2
  | 'ATTEMPT_PHASE_REDUCE'
  | 3
  | 'ATTEMPT_PHASE_WRITE'
  | 4

export type AttemptPhase__Output = typeof AttemptPhase[keyof typeof AttemptPhase]
