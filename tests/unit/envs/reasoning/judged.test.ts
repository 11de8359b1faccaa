import { describe, expect, it } from "vitest";
import { all } from "../../../../src/core/maybe-promise.ts";
import { describeDataset } from "../../../../src/envs/reasoning/dataset.ts";
import { Judged } from "../../../../src/envs/reasoning/judged.ts";
import { ScoreQueue, type ScoreRequest } from "../../../../src/envs/reasoning/score-queue.ts";
import { GemError } from "../../../../src/errors.ts";
import { FakeLibrary } from "./fake-library.ts";

const fixed = describeDataset("rg:acre", "acre", 100, {});
const slides = describeDataset("rg:gcd", "gcd", 100, {});

function request(answer: string | null, more: Partial<ScoreRequest> = {}): ScoreRequest {
  return {
    owner: "a",
    dataset: fixed,
    seed: 42n,
    judgeSeed: 42n,
    index: 0,
    answer,
    maker: 1,
    ...more,
  };
}

function setUp(): { fake: FakeLibrary; judged: Judged } {
  const fake = new FakeLibrary();
  return { fake, judged: new Judged(new ScoreQueue(fake.run)) };
}

describe("Judged", () => {
  it("asks once about an answer to an item, and gives the score at once from then on", async () => {
    const { fake, judged } = setUp();
    const scores = await all(Array.from({ length: 8 }, () => judged.score(request("42:0"))));
    expect(scores.map(({ score }) => score)).toEqual([1, 1, 1, 1, 1, 1, 1, 1]);
    expect(judged.score(request("42:0"))).toEqual({ score: 1, error: null });
    expect(fake.asked("scores")).toEqual(["1"]);
  });

  it("tells answers, items, datasets and judges apart", async () => {
    const { fake, judged } = setUp();
    for (const each of [
      request("1"),
      request(""),
      request(null),
      request("1", { index: 1 }),
      request("1", { seed: 41n }),
      request("1", { judgeSeed: 41n }),
      request("1", { dataset: slides }),
    ]) {
      await judged.score(each);
    }
    expect(fake.calls).toHaveLength(7);
  });

  it("takes no account of the judge's seed where no scorer can", async () => {
    const { fake, judged } = setUp();
    await judged.score(request("1", { dataset: slides }));
    await judged.score(request("1", { dataset: slides, judgeSeed: 41n }));
    expect(fake.calls).toHaveLength(1);
  });

  it("does not keep long answers, nor failures", async () => {
    const { fake, judged } = setUp();
    const long = request("9".repeat(2000));
    await judged.score(long);
    await judged.score(long);
    expect(fake.calls).toHaveLength(2);
    fake.failure = new GemError("GEM_DEADLINE", "too slow");
    await expect(judged.score(request("1"))).rejects.toMatchObject({ code: "GEM_DEADLINE" });
    fake.failure = undefined;
    expect(await judged.score(request("1"))).toEqual({ score: 0, error: null });
  });
});
