/** Which service, and which instance of it, this process is. */
export abstract class ServiceInfo {
  /** For example `auth`. */
  abstract readonly service: string;
  abstract readonly version: string;
  /** Unique among the instances of the service. */
  abstract readonly instance: string;
}
