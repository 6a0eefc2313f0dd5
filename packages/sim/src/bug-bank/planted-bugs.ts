// The planted bugs: each a change of one place in the built engine that brings back a mistake of the field notes.

/** One bug to plant. */
export interface PlantedBug {
  readonly name: string;
  /** Row of the field notes that it comes from. */
  readonly row: string;
  /** File below core/dist. */
  readonly file: string;
  /** Text that stands there exactly once. */
  readonly from: string;
  readonly to: string;
}

/** All planted bugs. */
export const plantedBugs: readonly PlantedBug[] = [];
