/** A line on a terminal that says what is being done; where there is no terminal, a line for each new thing. */
const FRAMES = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
const FRAME_MS = 100;
const CLEAR_LINE = "\r\u001B[2K";

/** Where progress is written: standard error, as a rule. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** Says what is being done to one thing after another. */
export class Progress {
  readonly #stream: ProgressStream;
  readonly #isLive: boolean;
  #text = "";
  #frame = 0;
  #since = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(stream: ProgressStream) {
    this.#stream = stream;
    this.#isLive = stream.isTTY === true && process.env["TERM"] !== "dumb";
  }

  /** Begins with the next thing, or says what is being done to it now; `detail` is shown on terminals only. */
  say(phase: string, detail = ""): void {
    if (!this.#isLive) {
      if (phase !== this.#text) this.#stream.write(`${phase} ...\n`);
      this.#text = phase;
      return;
    }
    if (this.#timer === undefined) this.#start();
    this.#text = detail === "" ? phase : `${phase}: ${detail}`;
    this.#draw();
  }

  /** Ends with a line that stays. */
  end(line: string): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#text = "";
    this.#stream.write(`${this.#isLive ? CLEAR_LINE : ""}${line}\n`);
  }

  #start(): void {
    this.#since = performance.now();
    this.#timer = setInterval(() => {
      this.#frame = (this.#frame + 1) % FRAMES.length;
      this.#draw();
    }, FRAME_MS).unref();
  }

  #draw(): void {
    const seconds = Math.floor((performance.now() - this.#since) / 1000);
    const line = `${FRAMES[this.#frame] ?? ""} ${String(seconds)} s ${this.#text}`;
    const { columns = 0 } = this.#stream;
    // A line that wraps could not be rewritten. Some terminals say that they have no columns.
    this.#stream.write(`${CLEAR_LINE}${line.slice(0, (columns > 0 ? columns : 80) - 1)}`);
  }
}
