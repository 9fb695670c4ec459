import type { Machine } from './machine.ts';
import type { Mark, Speed } from './speeds.ts';

export const printMachine = ({ cpu, cores, memory_gib, node, load }: Machine, under: string): void =>
  console.log(`\n${cores} × ${cpu}, ${memory_gib} GiB, Node ${node}, load ${load}; ${under}\n`);

export type Row = Readonly<Record<string, string | number>>;

/** The columns that every table has, around those of its own. */
export const columnsOf = (speed: Speed, of: string, more: Row = {}): Row => ({
  [`${of}/s`]: Math.round(speed.per_second),
  'p50 ms': fixed(speed.p50_ms, 1),
  'p99 ms': fixed(speed.p99_ms, 1),
  bad: speed.bad,
  ...more,
});

/** Rows by name. */
export const printTable = (rows: readonly (readonly [name: string, row: Row])[]): void =>
  console.table(Object.fromEntries(rows));

export const printMark = ({ at_least, reached, met }: Mark, ofWhat: string, before = ''): void =>
  console.log(
    `${met ? '✓' : '✗'} ${before}${reached === null ? 'nothing' : reached.toFixed(2)} ${ofWhat}, at least ${at_least}`,
  );

export const printValidity = (faults: readonly string[]): void =>
  console.log(faults.length === 0 ? 'The run is valid.' : `The run is NOT valid: ${faults.join('; ')}.`);

/** As a number, which console.table prints without quotes. */
export const fixed = (value: number, digits: number): number => Number(value.toFixed(digits));
