/** A piece of work that is done again and again to measure its CPU; it does the same each time. */
export interface Loop {
  /** Makes what the next run works on; not measured. */
  prepare?(): void;
  run(): Promise<void>;
  close(): void;
}
