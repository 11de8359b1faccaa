import type { NeedPort } from "./need-port.ts";

/** An object that lives with the client; its methods are called through needs. */
export class ClientObject {
  readonly ref: number;
  readonly #port: NeedPort;
  readonly #owner: string;

  /** @param owner whose object it is, for messages: an environment's id */
  constructor(ref: number, port: NeedPort, owner: string) {
    this.ref = ref;
    this.#port = port;
    this.#owner = owner;
  }

  /** @throws GEM_OBJECT_FAULT when the method raises, GEM_INTERNAL while no call of the client runs */
  call(
    method: string,
    args: readonly unknown[] = [],
    kwargs: Readonly<Record<string, unknown>> = {},
  ): Promise<unknown> {
    return this.#port.need({ ref: this.ref, method, args, kwargs, owner: this.#owner });
  }
}
