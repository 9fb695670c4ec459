import { DCLinter } from 'dclint';

/** What we use of dclint, whose own declarations do not resolve under Node's rules (imports without extensions). */
type LinterClass = new (config: {
  quiet: boolean;
  debug: boolean;
  exclude: string[];
  rules: Record<string, 0 | 1 | 2>;
}) => {
  lintFiles(paths: string[], recursive: boolean): { messages: { rule: string; message: string; type: string }[] }[];
};

const linter = new (DCLinter as unknown as LinterClass)({
  quiet: false,
  debug: false,
  exclude: [],
  rules: {
    'no-duplicate-exported-ports': 2,
    'no-unbound-port-interfaces': 2,
    'require-quotes-in-ports': 2,
    'service-image-require-explicit-tag': 2,
  },
});

/** Where a file departs from the schema of the Compose specification, names no version, or opens a port to the network. */
export const specificationFaults = (path: string): string[] =>
  linter
    .lintFiles([path], false)
    .flatMap(({ messages }) => messages)
    .filter(({ type }) => type === 'error')
    .map(({ rule, message }) => `${rule}: ${message}`);
