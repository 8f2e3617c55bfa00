import type { Rig } from '../measures/rig';

/** One line of a table; the first column names it. */
export type Figures = Readonly<Record<string, string | number>>;

/** What a figure of a row is to be. */
export interface Goal {
  readonly figure: string;
  readonly bound: 'at least' | 'at most' | 'exactly';
  readonly value: number;
  /** The figure is a count that does not depend on the machine: a miss makes the whole run fail. */
  readonly isExact: boolean;
}

export interface Row {
  readonly figures: Figures;
  readonly goals: readonly Goal[];
}

export interface Table {
  /** Under which name its rows are in `results.json`. */
  readonly key: string;
  /** Name within that, where several tables have the same columns. */
  readonly subKey?: string;
  readonly title: string;
  readonly rows: readonly Row[];
}

export interface BenchContext {
  readonly projectFolder: string;
  /** Smaller counts and shorter runs; the same rows. */
  readonly isQuick: boolean;
  /** The running service with its registered phones, the same one for all parts; started when first asked for. */
  rig(): Promise<Rig>;
}

/** One part of the bench, which can be run alone by its name. */
export interface Part {
  readonly name: string;
  run(context: BenchContext): Promise<readonly Table[]>;
}

/** A goal for an exact count: it gates. */
export function exactly(figure: string, value: number): Goal {
  return { figure, bound: 'exactly', value, isExact: true };
}

/** A goal for an exact count: it gates. */
export function countAtMost(figure: string, value: number): Goal {
  return { figure, bound: 'at most', value, isExact: true };
}

/** A goal that depends on the machine: it is reported, and gates nothing. */
export function atMost(figure: string, value: number): Goal {
  return { figure, bound: 'at most', value, isExact: false };
}

/** A goal that depends on the machine: it is reported, and gates nothing. */
export function atLeast(figure: string, value: number): Goal {
  return { figure, bound: 'at least', value, isExact: false };
}

export function isMet({ figure, bound, value }: Goal, figures: Figures): boolean {
  const found = Number(figures[figure]);
  if (bound === 'exactly') return found === value;
  return bound === 'at most' ? found <= value : found >= value;
}

/** A row as it is printed and stored: with its goals, and whether all of them are met. */
export function toldRow({ figures, goals }: Row): Figures {
  if (goals.length === 0) return figures;
  const SIGNS = { 'at least': '>=', 'at most': '<=', exactly: '=' } as const;
  const goal = goals.map(({ figure, bound, value }) => `${figure} ${SIGNS[bound]} ${value}`);
  const missed = goals.filter((one) => !isMet(one, figures)).length;
  return { ...figures, goal: goal.join(', '), met: missed === 0 ? 'yes' : 'no' };
}

/** The exact goals that were missed, one line each. */
export function missedGates(tables: readonly Table[]): readonly string[] {
  return tables.flatMap(({ title, rows }) =>
    rows.flatMap(({ figures, goals }) =>
      goals
        .filter((goal) => goal.isExact && !isMet(goal, figures))
        .map(({ figure, bound, value }) => {
          const [name] = Object.values(figures);
          return `${title}, ${name}: ${figure} is ${figures[figure]}, not ${bound} ${value}`;
        }),
    ),
  );
}

/** To so many digits, for figures that are no counts. */
export function rounded(value: number, digits = 3): number {
  return Number(value.toPrecision(digits));
}
