import type { Question } from "./question.ts";

/** How many places at the front may be empty before the others move up. */
const SLACK = 256;

/** The questions of one host that have no answer yet, in order; the first is the one that runs. */
export class QuestionLine {
  #items: (Question | undefined)[] = [];
  #front = 0;

  /** How many there are, those that nobody waits for any more included. */
  get length(): number {
    return this.#items.length - this.#front;
  }

  /** The one that runs; undefined also when nobody waits for it any more. */
  get first(): Question | undefined {
    return this.#items[this.#front];
  }

  /** Whether somebody waits for any of them. */
  get isWanted(): boolean {
    return this.#items.some((question) => question !== undefined);
  }

  /** Puts one at the end. */
  add(question: Question): void {
    this.#items.push(question);
  }

  /** Takes the first, which has an answer. */
  shift(): Question | undefined {
    const question = this.#items[this.#front];
    this.#items[this.#front] = undefined;
    this.#front += 1;
    if (this.#front === this.#items.length) {
      this.#items = [];
      this.#front = 0;
    } else if (this.#front >= SLACK) {
      this.#items = this.#items.slice(this.#front);
      this.#front = 0;
    }
    return question;
  }

  /** Takes all that wait behind the first; the host answers them, but nobody listens. */
  takeWaiting(): Question[] {
    const from = this.#front + 1;
    const taken = this.#items.slice(from).filter((question) => question !== undefined);
    this.#items.fill(undefined, from);
    return taken;
  }

  /** Takes all. */
  takeAll(): Question[] {
    const taken = this.#items.filter((question) => question !== undefined);
    this.#items = [];
    this.#front = 0;
    return taken;
  }
}
