import { describe, expect, it } from '@jest/globals';
import { parseEventName, parseName, singularOf, toCamel, toKebab, toPascal, toSnake, UsageError } from './names.ts';

describe('a name', () => {
  it('has one spelling for each use', () => {
    const words = parseName('A feature', 'credit-notes');
    expect([toPascal(words), toCamel(words), toSnake(words), toKebab(words)]).toEqual([
      'CreditNotes',
      'creditNotes',
      'credit_notes',
      'credit-notes',
    ]);
  });

  it.each(['Billing', 'billing_v2', '-a', 'a-', '1st', '', '../x', 'a'.repeat(31)])('cannot be "%s"', (name) => {
    expect(() => parseName('A service', name)).toThrow(UsageError);
  });
});

describe('a feature', () => {
  it.each([
    ['invoices', 'invoice'],
    ['queries', 'query'],
    ['credit-notes', 'credit-note'],
  ])('of %s is about each %s', (plural, singular) => {
    expect(toKebab(singularOf(plural.split('-')))).toBe(singular);
  });

  it.each(['invoice', 'access', 's'])('is not called "%s"', (name) => {
    expect(() => singularOf([name])).toThrow('many of');
  });
});

describe('an event', () => {
  it('says which service tells what of which thing', () => {
    expect(parseEventName('mcp-hub.tool.called_back')).toEqual({
      service: 'mcp-hub',
      subject: ['tool'],
      verb: ['called', 'back'],
    });
  });

  it.each(['billing', 'billing.paid', 'billing.invoice.paid.v1', 'Billing.invoice.paid', 'a.b-c.d'])(
    'is not called "%s"',
    (name) => {
      expect(() => parseEventName(name)).toThrow(UsageError);
    },
  );
});
