import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { QuestionLine } from "../../../src/hosts/question-line.ts";
import type { Question } from "../../../src/hosts/question.ts";

const nothing = (): void => undefined;

function question(number: number): Question {
  return {
    item: [number, "m", [], {}],
    deadlineMs: 1,
    owner: "o",
    resolve: nothing,
    reject: nothing,
  };
}

describe("QuestionLine", () => {
  it("is a queue in which places may be given up", () => {
    const operations = fc.array(fc.constantFrom("add", "add", "add", "shift", "waiting", "all"), {
      size: "large",
    });
    fc.assert(
      fc.property(operations, (steps) => {
        const line = new QuestionLine();
        let model: (Question | undefined)[] = [];
        let next = 0;
        for (const step of steps) {
          if (step === "add") {
            const added = question(next++);
            line.add(added);
            model.push(added);
          } else if (step === "shift") {
            if (model.length > 0) expect(line.shift()).toBe(model.shift());
          } else if (step === "waiting") {
            expect(line.takeWaiting()).toEqual(model.slice(1).filter((item) => item !== undefined));
            model = model.map((item, i) => (i === 0 ? item : undefined));
          } else {
            expect(line.takeAll()).toEqual(model.filter((item) => item !== undefined));
            model = [];
          }
          expect(line.length).toBe(model.length);
          expect(line.first).toBe(model[0]);
          expect(line.isWanted).toBe(model.some((item) => item !== undefined));
        }
      }),
      { numRuns: 20 },
    );
  });
});
