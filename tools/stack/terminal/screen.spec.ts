import { expect, it } from '@jest/globals';
import { stripVTControlCharacters } from 'node:util';
import { screen } from './screen.ts';

const facts = {
  url: 'http://127.0.0.1:8000',
  apiKey: 'ply_key',
  adminEmail: 'owner@example.com',
  adminPassword: 'secret',
  offline: true,
  model: 'claude-haiku-5-5',
};

it('shows the address, the key, the login and the documentation', () => {
  const text = stripVTControlCharacters(screen(facts));

  for (const fact of ['http://127.0.0.1:8000/docs', 'ply_key', 'owner@example.com, password secret'])
    expect(text).toContain(fact);
});

it('has three curl commands, each on a line of its own that can be pasted as it is', () => {
  const lines = stripVTControlCharacters(screen(facts)).split('\n');

  const commands = lines.filter((line) => line.startsWith('curl '));
  expect(commands).toHaveLength(3);
  expect(commands.every((command) => command.split("'").length % 2 === 1)).toBe(true);
});

it('says that the offline model answers only when it does', () => {
  expect(screen(facts)).toContain('the offline model');
  expect(screen({ ...facts, offline: false })).not.toContain('offline');
});
