/** One part of `npm test`. A stage that throws, or that counts nothing, has failed. */
export interface Stage {
  readonly name: string;
  /** `log` takes whatever a reader needs when the stage fails; it is printed only then. */
  run(log: (text: string) => void): Promise<Counts>;
}

export interface Counts {
  readonly passed: number;
  readonly failed: number;
  /** Said beside the verdict, also of a stage that passed. */
  readonly note?: string;
  /** What failed, by name and in a few words: said before the whole output. */
  readonly failures?: readonly string[];
}

/** Rows run one after the other; the stages of a row run side by side. Answers the sum over all of them. */
export async function runStages(plan: readonly (readonly Stage[])[], print: (line: string) => void): Promise<Counts> {
  const total = plan.flat().length;
  const results: Counts[] = [];
  for (const row of plan) {
    print(`  …  ${row.map((stage) => stage.name).join(', ')}`);
    await Promise.all(
      row.map(async (stage) => {
        const startedAt = performance.now();
        const { counts, output } = await runStage(stage);
        results.push(counts);
        const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
        const verdict = counts.failed === 0 ? 'ok  ' : 'FAIL';
        const sums = `${counts.passed} passed, ${counts.failed} failed${counts.note === undefined ? '' : `, ${counts.note}`}`;
        print(`${verdict} ${stage.name}: ${sums} (${seconds} s, ${results.length}/${total})`);
        if (counts.failed === 0) return;
        for (const failure of counts.failures ?? []) print(failure);
        print(framed(stage.name, output));
      }),
    );
  }
  return results.reduce((sum, one) => ({ passed: sum.passed + one.passed, failed: sum.failed + one.failed }), {
    passed: 0,
    failed: 0,
  });
}

async function runStage(stage: Stage): Promise<{ counts: Counts; output: string }> {
  const lines: string[] = [];
  const log = (text: string): void => void lines.push(text);
  const counts = await stage.run(log).catch((error: unknown): Counts => {
    log(error instanceof Error ? (error.stack ?? error.message) : String(error));
    return { passed: 0, failed: 1 };
  });
  if (counts.passed + counts.failed > 0) return { counts, output: lines.join('\n') };
  log('The stage ran nothing.');
  return { counts: { passed: 0, failed: 1 }, output: lines.join('\n') };
}

const framed = (name: string, output: string): string =>
  `----- ${name} -----\n${output.trimEnd()}\n----- end of ${name} -----`;
