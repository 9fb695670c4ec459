import { describe, expect, it } from '@jest/globals';
import { runStages, type Stage } from './stage.ts';

const stage = (name: string, run: Stage['run']): Stage => ({ name, run });
const passing = stage('passing', async () => ({ passed: 3, failed: 0 }));

/** Runs the rows and collects what was printed. */
async function run(...plan: Stage[][]) {
  const printed: string[] = [];
  const counts = await runStages(plan, (line) => printed.push(line));
  return { counts, printed: printed.join('\n') };
}

describe('the closing sum', () => {
  it('adds up every stage', async () => {
    const failing = stage('failing', async () => ({ passed: 1, failed: 2 }));

    const { counts } = await run([passing, failing], [passing]);

    expect(counts).toEqual({ passed: 7, failed: 2 });
  });

  it('counts a stage that crashed as a failure', async () => {
    const crashing = stage('crashing', () => Promise.reject(new Error('out of memory')));

    const { counts, printed } = await run([crashing]);

    expect(counts).toEqual({ passed: 0, failed: 1 });
    expect(printed).toContain('out of memory');
  });

  it('counts a stage that ran nothing as a failure', async () => {
    const { counts } = await run([stage('empty', async () => ({ passed: 0, failed: 0 }))]);

    expect(counts).toEqual({ passed: 0, failed: 1 });
  });
});

describe('what is printed', () => {
  const talking = (failed: number): Stage =>
    stage('talking', async (log) => {
      log('all that a reader needs');
      return { passed: 1, failed, note: '91 %' };
    });

  it('has the output of a stage that failed', async () => {
    expect((await run([talking(1)])).printed).toContain('all that a reader needs');
  });

  it('has the note but not the output of a stage that passed', async () => {
    const { printed } = await run([talking(0)]);

    expect(printed).toContain('91 %');
    expect(printed).not.toContain('all that a reader needs');
  });
});

it('starts a row when the row before has ended', async () => {
  const order: string[] = [];
  const slow = stage('slow', async () => {
    await new Promise(setImmediate);
    order.push('slow');
    return { passed: 1, failed: 0 };
  });
  const next = stage('next', async () => {
    order.push('next');
    return { passed: 1, failed: 0 };
  });

  await run([slow], [next]);

  expect(order).toEqual(['slow', 'next']);
});
