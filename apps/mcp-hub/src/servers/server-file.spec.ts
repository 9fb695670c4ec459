import { describe, expect, it } from '@jest/globals';
import { serverFile } from './server-file.js';

const rulesOf = (content: unknown): string[] => {
  const { error } = serverFile.safeParse(typeof content === 'string' ? content : JSON.stringify(content));
  return (error?.issues ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`);
};

const file = (server: unknown, id = 'files') => ({ mcpServers: { [id]: server } });

describe('the server file', () => {
  it('takes the form that MCP clients share, and says what it leaves open', () => {
    expect(serverFile.parse(JSON.stringify(file({ command: 'npx', args: ['x'] })))).toEqual({
      files: { command: 'npx', args: ['x'], env: {}, timeout_ms: 60_000, max_output_bytes: 4_194_304 },
    });
  });

  it('names no server where there is no file', () => {
    expect(serverFile.parse(undefined)).toEqual({});
  });

  it.each([
    ['an id with capitals', file({ command: 'x' }, 'Files'), 'mcpServers.Files'],
    ['an id with a dot, which separates server and tool', file({ command: 'x' }, 'a.b'), 'mcpServers.a.b'],
    ['no command', file({}), 'mcpServers.files.command'],
    ['an address instead of a command', file({ command: 'x', url: 'http://x' }), 'mcpServers.files'],
    ['a number among the variables', file({ command: 'x', env: { PORT: 1 } }), 'mcpServers.files.env.PORT'],
    ['no time at all', file({ command: 'x', timeout_ms: 0 }), 'mcpServers.files.timeout_ms'],
    ['a field beside the servers', { mcpServers: {}, inputs: [] }, ''],
  ])('is refused for %s, by name', (_, content, path) => {
    expect(rulesOf(content)).toEqual([expect.stringMatching(new RegExp(`^${path}: .+`))]);
  });

  it('is refused without repeating a piece of it', () => {
    expect(rulesOf('{"mcpServers":{"a":{"env":{"TOKEN":"s3cret"}}')).toEqual([': is not valid JSON']);
    expect(rulesOf(file({ command: 7, env: { TOKEN: ['s3cret'] } })).join()).not.toContain('s3cret');
  });
});
