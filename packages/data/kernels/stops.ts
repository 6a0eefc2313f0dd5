// Why a merge returns: numbers that src/merge/merge-kernel.ts knows.

export const doneAll: u32 = 0;
export const needsRoom: u32 = 1;
export const needsBlock: u32 = 2;
export const needsTwin: u32 = 3;
export const isDamaged: u32 = 4;
