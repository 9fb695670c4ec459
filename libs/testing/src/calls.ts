export interface Answer<T> {
  readonly status: number;
  readonly headers: Headers;
  /** The JSON of the answer; `{}` where there is none. */
  readonly body: T;
}

export interface CallOptions {
  /** Sent as `Authorization: Bearer`. */
  readonly token?: string;
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One HTTP call: `call<Session>('POST', '/v1/sessions', { token, body })`. */
export type Calls = <T = Record<string, unknown>>(
  method: string,
  path: string,
  options?: CallOptions,
) => Promise<Answer<T>>;

/** Calls to the service at `url`, over real HTTP. */
export function callsTo(url: string): Calls {
  return async <T>(method: string, path: string, { token, body, headers }: CallOptions = {}) => {
    const response = await fetch(url + path, {
      method,
      headers: {
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: (text === '' ? {} : JSON.parse(text)) as T };
  };
}
