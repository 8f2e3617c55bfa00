import { countUnits, type Traffic, unitsPerPush } from './cost-model';
import { type Measured, rowFor, withMeasured } from './measured';
import { dollars, PRICES, VARIABLE } from './prices';
import { type FixedCost, fixedCosts, type StackSize } from './stack-size';

/** What a month of traffic costs, in US dollars. */
export interface Month {
  /** Where the counts of units come from. */
  readonly countsFrom: string;
  readonly pushes: number;
  readonly unitsPerPush: number;
  readonly lines: readonly {
    readonly what: string;
    readonly count: number;
    readonly dollars: number;
    readonly dollarsPerMillionPushes: number;
  }[];
  readonly variableDollars: number;
  readonly dollarsPerMillionPushes: number;
  readonly fixed: readonly FixedCost[];
  readonly fixedDollars: number;
}

/** Counts and prices a month: with what the bench counted where it has this very traffic, else by the formula. */
export function monthOf(traffic: Traffic, measured: Measured, size: StackSize): Month {
  const reckoned = countUnits(traffic);
  const row = rowFor(traffic, measured);
  const counts = row === undefined ? reckoned : withMeasured(reckoned, traffic, row);
  const millions = counts.pushes / 1e6;
  const lines = VARIABLE.map((item) => ({
    what: PRICES.prices[item].unit,
    count: counts[item],
    dollars: dollars(item, counts[item]),
    dollarsPerMillionPushes: dollars(item, counts[item]) / millions,
  }));
  const fixed = fixedCosts(size, traffic.vendors);
  const sum = (some: readonly { readonly dollars: number }[]) =>
    some.reduce((total, one) => total + one.dollars, 0);
  return {
    countsFrom:
      row === undefined
        ? 'the formula'
        : `bench/results.json (${row.kind}, trace ${traffic.trace})`,
    pushes: counts.pushes,
    unitsPerPush: unitsPerPush(counts),
    lines,
    variableDollars: sum(lines),
    dollarsPerMillionPushes: sum(lines) / millions,
    fixed,
    fixedDollars: sum(fixed),
  };
}
