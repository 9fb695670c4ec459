/**
 * Upper bounds, included, of the classes that durations are counted in, in milliseconds; what took longer than the last
 * has a class of its own. A bound is stored with the sums, so one that is taken away hides what was counted under it.
 */
export const durationBounds: readonly number[] = [
  10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000,
];

/** Names the classes that hold something; `calls` is in the order of the bounds, the class without one last. */
export const toHistogram = (calls: readonly number[]) =>
  calls.map((count, i) => ({ up_to_ms: durationBounds[i] ?? null, calls: count })).filter((one) => one.calls > 0);
