import { describe, expect, it } from "vitest";
import { describeDataset } from "../../../../src/envs/reasoning/dataset.ts";
import { ScoreQueue, type ScoreRequest } from "../../../../src/envs/reasoning/score-queue.ts";
import { GemError } from "../../../../src/errors.ts";
import { FakeLibrary } from "./fake-library.ts";

const dataset = describeDataset("rg:chain_sum", "chain_sum", 100, {});

function request(
  index: number,
  answer: string | null = `42:${String(index)}`,
  maker?: number,
): ScoreRequest {
  return { owner: "rg:chain_sum", dataset, seed: 42n, judgeSeed: 42n, index, answer, maker };
}

const scoreAll = (queue: ScoreQueue, count: number) =>
  Promise.all(Array.from({ length: count }, (_, i) => queue.score(request(i))));

describe("ScoreQueue", () => {
  it("gives each answer its own score, and what the scorer raised", async () => {
    const queue = new ScoreQueue(new FakeLibrary().run);
    const answers = ["42:0", "no", null, "bad"];
    const scores = await Promise.all(answers.map((answer) => queue.score(request(0, answer))));
    expect(scores).toEqual([
      { score: 1, error: null },
      { score: 0, error: null },
      { score: 0, error: null },
      { score: 0, error: "TypeError: bad" },
    ]);
  });

  it("sends the answers of one turn together once it knows that judging is quick", async () => {
    const fake = new FakeLibrary();
    const queue = new ScoreQueue(fake.run);
    for (let turn = 0; turn < 3; turn++) await scoreAll(queue, 4);
    expect(fake.asked("scores")).toEqual(["1", "1", "1", "1", "2", "2", "4"]);
  });

  it("sends answers to the processes that made the items", async () => {
    const fake = new FakeLibrary();
    const queue = new ScoreQueue(fake.run);
    for (let turn = 0; turn < 3; turn++) await scoreAll(queue, 4);
    const before = fake.calls.length;
    const makers = [7, 8, undefined, 8, 7];
    const scores = await Promise.all(
      makers.map((maker, i) => queue.score(request(i, i === 3 ? "no" : undefined, maker))),
    );
    expect(scores.map(({ score }) => score)).toEqual([1, 1, 1, 0, 1]);
    const calls = fake.calls.slice(before);
    expect(calls.map(({ options }) => options.near)).toEqual([7, 8, undefined]);
    expect(fake.asked("scores").slice(before)).toEqual(["2", "2", "1"]);
  });

  it("sends what a request did not get to again", async () => {
    const fake = new FakeLibrary();
    const queue = new ScoreQueue(fake.run);
    for (let turn = 0; turn < 2; turn++) await scoreAll(queue, 4);
    fake.atOnce = 1;
    const scores = await scoreAll(queue, 4);
    expect(scores.map(({ score }) => score)).toEqual([1, 1, 1, 1]);
    expect(fake.asked("scores").slice(6)).toEqual(["4", "1", "1", "1"]);
  });

  it("blames a failed request on the answer that made it fail alone", async () => {
    const fake = new FakeLibrary();
    const queue = new ScoreQueue((fn, args, options) => {
      const requests = args[1] as readonly (readonly unknown[])[];
      if (requests.some((each) => each[3] === "endless"))
        return Promise.reject(new GemError("GEM_DEADLINE", "too slow"));
      return fake.run(fn, args, options);
    });
    for (let turn = 0; turn < 2; turn++) await scoreAll(queue, 4);
    const results = await Promise.allSettled([
      queue.score(request(0)),
      queue.score(request(1, "endless")),
      queue.score(request(2)),
    ]);
    expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  });

  it.each([[[]], ["scores"], [[[1.5]]], [[["1", null]]]])(
    "reports %j, which are no scores, as a bug, or takes what there is",
    async (reply) => {
      const queue = new ScoreQueue(() => Promise.resolve(reply));
      const score = queue.score(request(0));
      if (JSON.stringify(reply) === "[[1.5]]")
        expect(await score).toEqual({ score: 1.5, error: null });
      else await expect(score).rejects.toMatchObject({ code: "GEM_INTERNAL" });
    },
  );
});
