import { readFileSync } from 'node:fs';
import type { z } from 'zod';

/** EX_CONFIG of sysexits.h. */
const exitConfiguration = 78;

/** The configuration does not fit its schema. Each line names a variable and its rule; none repeats a value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  constructor(readonly lines: readonly string[]) {
    super(`The configuration is not valid:\n${lines.map((line) => `  ${line}`).join('\n')}`);
  }
}

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the variables that `schema` names. Each may come from a file instead: `NAME_FILE` holds its path, and the last
 * line break of the file is left out. An empty variable counts as one that is not set.
 * @throws ConfigError
 */
export function parseConfig<T extends z.ZodObject>(schema: T, env: Environment = process.env): z.infer<T> {
  const failures: string[] = [];
  const values: Record<string, string> = {};
  for (const name of Object.keys(schema.shape)) {
    try {
      const value = readVariable(name, env);
      if (value !== undefined) values[name] = value;
    } catch (error) {
      failures.push((error as Error).message);
    }
  }
  if (failures.length > 0) throw new ConfigError(failures);
  const result = schema.safeParse(values);
  if (result.success) return result.data;
  throw new ConfigError(result.error.issues.map((issue) => describe(issue, values)));
}

/** `parseConfig` for a main file: a bad configuration is printed and ends the process with exit code 78. */
export const loadConfig = <T extends z.ZodObject>(schema: T, env: Environment = process.env): z.infer<T> =>
  orExit(() => parseConfig(schema, env));

/** What `read` makes of the configuration; where it throws a ConfigError, that is printed and the process ends with 78. */
export function orExit<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(exitConfiguration);
  }
}

/** One variable, from the environment or the file that NAME_FILE names. @throws Error that names it and what is wrong */
export function readVariable(name: string, env: Environment = process.env): string | undefined {
  const value = env[name] || undefined;
  const path = env[`${name}_FILE`] || undefined;
  if (path === undefined) return value;
  if (value !== undefined) throw new Error(`${name}: is set, and so is ${name}_FILE; one of them must go`);
  try {
    return readFileSync(path, 'utf8').replace(/\r?\n$/, '');
  } catch (error) {
    throw new Error(
      `${name}: the file that ${name}_FILE names cannot be read (${(error as NodeJS.ErrnoException).code})`,
    );
  }
}

function describe({ path, code, message }: z.core.$ZodIssue, values: Readonly<Record<string, string>>): string {
  const name = path.length > 0 ? path.join('.') : 'the whole';
  const missing = code === 'invalid_type' && values[String(path[0])] === undefined;
  return `${name}: ${missing ? 'is required' : message}`;
}
