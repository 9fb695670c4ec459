/**
 * The environment in which a process that a test starts records what ran in it. Jest's own processes are not to: they
 * count lines by themselves, and V8's record would cost them half of their speed.
 */
export function childrenRecorded(): Record<string, string> {
  const { RECORD_CHILDREN_IN: folder } = process.env;
  return folder === undefined ? {} : { NODE_V8_COVERAGE: folder };
}
