import { describe, expect, it } from '@jest/globals';
import { failedFiles, settled, type JestReport } from './jest-report.ts';

type Test = readonly [name: string, status: 'passed' | 'failed' | 'pending'];

const report = (...tests: Test[]): JestReport => ({
  success: tests.every(([, status]) => status !== 'failed'),
  testResults: tests.map(([fullName, status]) => ({
    name: `/${fullName}.test.ts`,
    status: status === 'failed' ? 'failed' : 'passed',
    message: '',
    assertionResults: [{ fullName, status, failureMessages: status === 'failed' ? [`why ${fullName} failed`] : [] }],
  })),
});

const unloaded: JestReport = {
  success: false,
  testResults: [{ name: '/c.test.ts', status: 'failed', message: 'SyntaxError', assertionResults: [] }],
};

describe('a run', () => {
  it('counts what passed and what failed, and says what failed and why', () => {
    const counts = settled(report(['a', 'passed'], ['b', 'failed']));

    expect(counts).toMatchObject({ passed: 1, failed: 1 });
    expect(counts.failures?.join()).toContain('why b failed');
  });

  it('counts a skipped test as failed', () => {
    expect(settled(report(['a', 'passed'], ['b', 'pending']))).toMatchObject({ passed: 1, failed: 1 });
  });

  it('counts a file that does not load as failed', () => {
    const counts = settled(unloaded);

    expect(counts).toMatchObject({ passed: 0, failed: 1 });
    expect(counts.failures?.join()).toContain('SyntaxError');
  });

  it('that failed although no test did is one failure', () => {
    expect(settled({ ...report(['a', 'passed']), success: false })).toMatchObject({ passed: 1, failed: 1 });
  });
});

describe('a second run', () => {
  const first = report(['a', 'passed'], ['b', 'failed'], ['c', 'failed']);

  it('is of the files in which something failed', () => {
    expect(failedFiles(first)).toEqual(['/b.test.ts', '/c.test.ts']);
  });

  it('has the last word, and what passed only then is named', () => {
    const counts = settled(first, report(['b', 'passed'], ['c', 'failed']));

    expect(counts).toMatchObject({ passed: 2, failed: 1 });
    expect(counts.note).toContain('why b failed');
    expect(counts.failures?.join()).toContain('why c failed');
  });

  it('in which a file does not load is no success', () => {
    expect(settled(first, unloaded)).toMatchObject({ passed: 1, failed: 1 });
  });
});
