// Original file: millrace/v1/workers.proto

export const Verdict = {
  VERDICT_UNSPECIFIED: 'VERDICT_UNSPECIFIED',
  VERDICT_KEEP: 'VERDICT_KEEP',
  VERDICT_KILL: 'VERDICT_KILL',
  VERDICT_DELETE: 'VERDICT_DELETE',
} as const;

export type Verdict =
  | 'VERDICT_UNSPECIFIED'
  | 0
  | 'VERDICT_KEEP'
  | 1
  | 'VERDICT_KILL'
  | 2
  | 'VERDICT_DELETE'
  | 3

export type Verdict__Output = typeof Verdict[keyof typeof Verdict]
