/** One running copy of a service, as a caller needs to know it. */
export interface Instance {
  readonly id: string;
  readonly service: string;
  readonly host: string;
  readonly port: number;
  /** `http://host:port` */
  readonly origin: string;
  /** Null where the addresses are configured. */
  readonly version: string | null;
}

/** IPv6 hosts need brackets in a URL (RFC 3986 §3.2.2). */
export const originOf = (host: string, port: number): string =>
  `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
