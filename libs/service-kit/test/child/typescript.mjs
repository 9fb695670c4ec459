// Lets a child process run our TypeScript sources, decorators included: Node itself can only strip types.
// Imported before everything else, so it also sees what is loaded: `globalThis.loadedModules`.
import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import { transformSync } from '@swc/core';

const root = new URL('../../../../', import.meta.url);
const { $schema: _, ...swc } = JSON.parse(readFileSync(new URL('.swcrc', root), 'utf8'));
const ours = (url) => url?.startsWith(root.href) && !url.includes('/node_modules/');

globalThis.loadedModules = [];

registerHooks({
  resolve(specifier, context, next) {
    if (specifier.startsWith('.') && ours(context.parentURL)) specifier = specifier.replace(/\.js$/, '.ts');
    return next(specifier, context);
  },
  load(url, context, next) {
    globalThis.loadedModules.push(url);
    if (!url.endsWith('.ts')) return next(url, context);
    const source = readFileSync(fileURLToPath(url), 'utf8');
    const { code } = transformSync(source, {
      ...swc,
      filename: fileURLToPath(url),
      sourceMaps: 'inline',
      swcrc: false,
    });
    return { format: 'module', source: code, shortCircuit: true };
  },
});
