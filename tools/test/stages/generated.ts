import { generators } from '../../generate/generators.ts';
import { command, root } from '../command.ts';
import type { Stage } from '../stage.ts';

/** Generated files are committed as the sources would generate them now. Each file counts as one. */
export const generated: Stage = {
  name: 'generated files',
  async run(log) {
    const written = await command('node', ['tools/generate/main.ts'], { log });
    if (written.code !== 0) return { passed: 0, failed: 1 };
    const outputs = generators(root).map(({ output }) => output);
    const verdicts = await Promise.all(
      outputs.map(async (output) => {
        const { code } = await command('git', ['diff', '--exit-code', 'HEAD', '--', output], { log });
        const { stdout } = await command('git', ['ls-files', '--others', '--', output], { log });
        return code === 0 && stdout === '';
      }),
    );
    const passed = verdicts.filter(Boolean).length;
    return { passed, failed: verdicts.length - passed };
  },
};
