import type { Counts } from '../stage.ts';

/** As much of what `jest --json` writes as is read. */
export interface JestReport {
  readonly success: boolean;
  readonly testResults: readonly TestFile[];
}

interface TestFile {
  /** The file’s absolute path. */
  readonly name: string;
  readonly status: 'passed' | 'failed' | 'skipped' | 'pending' | 'focused';
  readonly message: string;
  readonly assertionResults: readonly TestCase[];
}

interface TestCase {
  readonly fullName: string;
  readonly status: string;
  readonly failureMessages: readonly string[];
}

interface Failure {
  readonly test: string;
  readonly words: string;
}

/** Of a failure’s text, enough to tell what went wrong. */
const maxWords = 600;

export const failedFiles = ({ testResults }: JestReport): string[] =>
  testResults.filter(({ status }) => status === 'failed').map(({ name }) => name);

/** The sum of a run, and of the second one of the files in which something failed. */
export function settled(first: JestReport, again?: JestReport): Counts {
  const passed = passedIn(first);
  if (!again) return { passed: passed.length, ...failedIn(first) };
  const late = passedIn(again).filter((test) => !passed.includes(test));
  const unsteady = failuresOf(first).filter(({ test }) => late.includes(test));
  return {
    passed: passed.length + late.length,
    ...failedIn(again),
    ...(unsteady.length > 0 && {
      note: `${unsteady.length} of them at the second try:\n${unsteady.map(told).join('\n')}`,
    }),
  };
}

/** A run that failed although no test of it did counts as one. */
function failedIn(report: JestReport): Pick<Counts, 'failed' | 'failures'> {
  const failures = failuresOf(report);
  return { failed: failures.length === 0 && !report.success ? 1 : failures.length, failures: failures.map(told) };
}

const told = ({ test, words }: Failure): string => `  ${test}\n${words.slice(0, maxWords).replaceAll(/^/gm, '    ')}`;

/** Tests by file and name. */
const passedIn = ({ testResults }: JestReport): string[] =>
  testResults.flatMap(({ name, assertionResults }) =>
    assertionResults.filter(({ status }) => status === 'passed').map(({ fullName }) => `${name}: ${fullName}`),
  );

/** Tests that did not pass, skipped ones too, and files that did not load. */
function failuresOf({ testResults }: JestReport): Failure[] {
  return testResults.flatMap(({ name, status, message, assertionResults }) => {
    const failures = assertionResults
      .filter((test) => test.status !== 'passed')
      .map(({ fullName, failureMessages }) => ({
        test: `${name}: ${fullName}`,
        words: failureMessages.join('\n') || 'did not run',
      }));
    const unloaded = status === 'failed' && failures.length === 0;
    return unloaded ? [{ test: name, words: message }] : failures;
  });
}
