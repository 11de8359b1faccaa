import type { Question } from "./question.ts";

/** Functions to run that no process has been given yet: what somebody waits for, then what is done ahead. */
export class Errands {
  #urgent: Question[] = [];
  #ahead: Question[] = [];

  get length(): number {
    return this.#urgent.length + this.#ahead.length;
  }

  /** How many somebody waits for. */
  get urgent(): number {
    return this.#urgent.length;
  }

  add(question: Question, isAhead: boolean): void {
    (isAhead ? this.#ahead : this.#urgent).push(question);
  }

  /** Puts questions back to the front, in their order: their process is gone. */
  putBack(question: Question): void {
    this.#urgent.unshift(question);
  }

  /** The one that `nextUrgent` takes. */
  get firstUrgent(): Question | undefined {
    return this.#urgent[0];
  }

  nextUrgent(): Question | undefined {
    return this.#urgent.shift();
  }

  nextAhead(): Question | undefined {
    return this.#ahead.shift();
  }

  takeAll(): Question[] {
    const all = [...this.#urgent, ...this.#ahead];
    this.#urgent = [];
    this.#ahead = [];
    return all;
  }
}
