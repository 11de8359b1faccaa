/** The messages between a sandbox and its worker's descriptor 3; `python/frames.py` is the other side. */

const RUN = 1;
const CANCEL = 2;
const READY = 1;
const RESULT = 2;
const FAULT = 3;
const FLAG_FILE = 1;
const REQUEST_BYTES = 14;
const RESULT_BYTES = 34;
const TEXT_BYTES = 5;

/** How the supervisor of a run says that it ended. */
export const ENDINGS = { byItself: 0, timedOut: 1, outOfMemory: 2 } as const;

/** What a worker says. */
export type Message =
  | { readonly kind: "ready" | "fault"; readonly text: string }
  | { readonly kind: "result"; readonly outcome: Outcome };

/** A run's end as the worker tells it. */
export interface Outcome {
  /** One of `ENDINGS`. */
  readonly ending: number;
  readonly exitCode: number;
  /** The number of the signal that ended it; 0 when none did. */
  readonly signal: number;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
  readonly stdoutBytes: number;
  readonly stderrBytes: number;
}

/** A request to run code. */
export function encodeRun(code: string, stdin: string, timeoutMs: number, asFile: boolean): Buffer {
  const codeBytes = Buffer.byteLength(code);
  const stdinBytes = Buffer.byteLength(stdin);
  const request = Buffer.allocUnsafe(REQUEST_BYTES + codeBytes + stdinBytes);
  request.writeUInt8(RUN, 0);
  request.writeUInt8(asFile ? FLAG_FILE : 0, 1);
  request.writeUInt32LE(timeoutMs, 2);
  request.writeUInt32LE(codeBytes, 6);
  request.writeUInt32LE(stdinBytes, 10);
  request.write(code, REQUEST_BYTES);
  request.write(stdin, REQUEST_BYTES + codeBytes);
  return request;
}

/** A request to end the run that is under way. */
export function encodeCancel(): Buffer {
  const head = Buffer.alloc(REQUEST_BYTES);
  head.writeUInt8(CANCEL, 0);
  return head;
}

/** Takes messages out of a stream of bytes. */
export class MessageReader {
  private rest: Buffer = Buffer.alloc(0);

  /** The messages that are complete with these bytes. @throws Error when they are not a worker's */
  read(bytes: Buffer): Message[] {
    this.rest = this.rest.length === 0 ? bytes : Buffer.concat([this.rest, bytes]);
    const messages: Message[] = [];
    for (let next = this.next(); next !== undefined; next = this.next()) messages.push(next);
    return messages;
  }

  private next(): Message | undefined {
    const { rest } = this;
    if (rest.length < TEXT_BYTES) return undefined;
    const kind = rest.readUInt8(0);
    if (kind === RESULT) return this.nextResult();
    if (kind !== READY && kind !== FAULT) throw new Error(`Unknown message ${String(kind)}.`);
    const end = TEXT_BYTES + rest.readUInt32LE(1);
    if (rest.length < end) return undefined;
    this.rest = rest.subarray(end);
    return {
      kind: kind === READY ? "ready" : "fault",
      text: rest.toString("utf8", TEXT_BYTES, end),
    };
  }

  private nextResult(): Message | undefined {
    const { rest } = this;
    if (rest.length < RESULT_BYTES) return undefined;
    const stdoutEnd = RESULT_BYTES + rest.readUInt32LE(26);
    const end = stdoutEnd + rest.readUInt32LE(30);
    if (rest.length < end) return undefined;
    this.rest = rest.subarray(end);
    const outcome = {
      ending: rest.readUInt8(1),
      exitCode: rest.readInt32LE(2),
      signal: rest.readInt32LE(6),
      stdoutBytes: Number(rest.readBigUInt64LE(10)),
      stderrBytes: Number(rest.readBigUInt64LE(18)),
      stdout: rest.subarray(RESULT_BYTES, stdoutEnd),
      stderr: rest.subarray(stdoutEnd, end),
    };
    return { kind: "result", outcome };
  }
}
