/** One thing that happened while the platform comes up, runs or goes down. */
export interface Progress {
  /** What it is about, as a person names it: `PostgreSQL`, `gateway`. */
  readonly part: string;
  readonly kind: 'working' | 'ready' | 'trouble';
  readonly note: string;
}

/** Where progress goes: the terminal, a log, or nowhere. */
export type Report = (progress: Progress) => void;

export const silent: Report = () => undefined;

/** Milliseconds as a person reads them: `0.8 s`. */
export const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
