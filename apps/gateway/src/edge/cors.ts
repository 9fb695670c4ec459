import type { IncomingMessage, ServerResponse } from 'node:http';
import type { CorsConfig } from './honoured.js';

/** Cross-origin requests as Kong's cors plugin answers them (Fetch standard, “CORS protocol”). */
export class Cors {
  private readonly anyOrigin: boolean;
  private readonly origins: ReadonlySet<string>;
  private readonly methods: string;
  private readonly exposed: string;

  constructor(private readonly config: CorsConfig) {
    this.origins = new Set(config.origins);
    this.anyOrigin = this.origins.has('*');
    this.methods = config.methods.join(',');
    this.exposed = config.exposed_headers.join(',');
  }

  /** Answers a preflight and returns true; to any other request from a page it adds the headers that its answer needs. */
  answers(req: IncomingMessage, res: ServerResponse): boolean {
    const { origin } = req.headers;
    if (origin === undefined) return false;
    this.allow(origin, res);
    if (req.method !== 'OPTIONS' || req.headers['access-control-request-method'] === undefined) {
      res.setHeader('access-control-expose-headers', this.exposed);
      return false;
    }
    const wanted = req.headers['access-control-request-headers'];
    if (wanted !== undefined) res.setHeader('access-control-allow-headers', wanted);
    res.setHeader('access-control-allow-methods', this.methods);
    res.setHeader('access-control-max-age', this.config.max_age);
    res.setHeader('content-length', 0);
    res.writeHead(200).end();
    return true;
  }

  private allow(origin: string, res: ServerResponse): void {
    if (this.anyOrigin) {
      res.setHeader('access-control-allow-origin', '*');
      return;
    }
    res.setHeader('vary', 'Origin');
    if (this.origins.has(origin.toLowerCase())) res.setHeader('access-control-allow-origin', origin);
  }
}
