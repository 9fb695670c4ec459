import { describe, expect, it } from '@jest/globals';
import { presentedClient } from './presented-client.js';

const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;
const refused = (code: string) => expect.objectContaining({ code });

describe('a client', () => {
  it('is in the Authorization header, form-encoded, or in the form', () => {
    expect(presentedClient(basic('an+id:a%3Asecret%2B'), {})).toEqual({ id: 'an id', secret: 'a:secret+' });
    expect(presentedClient(basic('id:secret').replace('Basic', 'basic'), { client_id: 'id' })).toEqual({
      id: 'id',
      secret: 'secret',
    });
    expect(presentedClient(undefined, { client_id: 'id', client_secret: 's' })).toEqual({ id: 'id', secret: 's' });
  });

  it('without a secret is nobody', () => {
    expect(presentedClient(undefined, {})).toBeUndefined();
    expect(presentedClient('Bearer eyJ', { client_id: 'id' })).toBeUndefined();
  });

  it('shows its secret one way', () => {
    const both = { client_id: 'id', client_secret: 'secret' };
    expect(() => presentedClient(basic('id:secret'), both)).toThrow(refused('oauth.invalid_request'));
    expect(() => presentedClient(basic('id:secret'), { client_id: 'other' })).toThrow(refused('oauth.invalid_request'));
    expect(() => presentedClient(undefined, { client_secret: 's' })).toThrow(refused('oauth.invalid_request'));
  });

  it.each(['', 'no-colon', 'id:%zz', '%E0%A4%A:secret'])('that cannot be read (%j) is refused', (text) => {
    expect(() => presentedClient(basic(text), {})).toThrow(refused('oauth.invalid_client'));
  });
});
