/** A piece of work that is done again and again to measure its CPU; it does the same each time. */
export interface Loop {
  run(): Promise<void>;
  close(): void;
}
