import { command } from '../command.ts';
import type { Stage } from '../stage.ts';

/** A stage of commands: each counts as one, passed when it exits with 0. */
export const check = (name: string, ...commands: readonly string[]): Stage => ({
  name,
  async run(log) {
    let passed = 0;
    for (const line of commands) {
      const [program = '', ...args] = line.split(' ');
      const { code } = await command(program, args, { log });
      if (code === 0) passed += 1;
    }
    return { passed, failed: commands.length - passed };
  },
});
