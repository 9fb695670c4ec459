import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from './names.ts';

/** @throws UsageError when there is no such service in the checkout. */
export function requireService(root: string, name: string): void {
  if (existsSync(join(root, 'apps', name, 'src/app.module.ts'))) return;
  throw new UsageError(`There is no service "${name}"; there are ${servicesOf(root).join(', ')}`);
}

/** The port after the highest that a service has by default. */
export function nextPort(root: string): number {
  const ports = servicesOf(root).flatMap((name) => {
    const config = readFileSync(join(root, 'apps', name, 'src/config.ts'), 'utf8');
    return [...config.matchAll(/PORT: .*\.default\((\d+)\)/g)].map(([, port]) => Number(port));
  });
  return Math.max(...ports) + 1;
}

const servicesOf = (root: string): string[] =>
  readdirSync(join(root, 'apps')).filter((name) => existsSync(join(root, 'apps', name, 'src/config.ts')));
