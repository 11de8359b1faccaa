import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { GAMES } from "../../../../src/envs/textarena/games.data.ts";
import { textarena } from "../../../../src/envs/textarena/index.ts";
import { listEnvs, make, makeVec, spawn } from "../../../../src/make.ts";
import { digest, play, playOn } from "../../../fixtures/trajectory.ts";

/** Games that need words of NLTK, or a Python newer than what hosts are sure to have. */
const NEEDY = new Set(["Hangman", "WordLadder", "WordSearch", "Wordle"]);
const NEW_PYTHON = new Set([
  "Checkers",
  "Chess",
  "IteratedStagHunt",
  "ReverseTicTacToe",
  "UltimateTexasHoldem",
]);
const PLAYED = Object.entries(GAMES)
  .filter(([name]) => !NEEDY.has(name) && !NEW_PYTHON.has(name))
  .map(([, game]) => `ta:${game.ids[0] ?? ""}`);

const TIMEOUT_MS = 60_000;

describe("the ids", () => {
  it("are listed, and can be made, where the library is not", async () => {
    const before = { ...process.env };
    process.env["GEM_HOSTS"] = mkdtempSync(join(tmpdir(), "gem-hosts-"));
    delete process.env["GEM_HOST_PYTHON"];
    delete process.env["GEM_HOST_PYTHON_TEXTARENA"];
    try {
      expect(listEnvs()).toContain("ta:TicTacToe-v0");
      const env = make("ta:TicTacToe-v0");
      await expect(env.reset(1)).rejects.toMatchObject({
        code: "GEM_UNAVAILABLE",
        message: expect.stringContaining("gem hosts install textarena") as unknown,
      });
    } finally {
      Object.assign(process.env, before);
    }
  });

  it("are TextArena's with ta: before them, each in the family of its game", () => {
    const ids = textarena.flatMap((family) => Object.keys(family.variants));
    expect(ids).toHaveLength(169);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.every((id) => /^ta:\w+-v\d/.test(id))).toBe(true);
    expect(new Set(textarena.map((family) => family.className)).size).toBe(textarena.length);
  });
});

describe("options", () => {
  it("are those of the game's constructor, and in a game of two also seat and opponent", () => {
    expect(() => make("ta:GuessTheNumber-v0", { max_numbr: 5 })).toThrow(/"max_number"/);
    expect(() => make("ta:GuessTheNumber-v0", { opponent: "random" })).toThrow(
      /no option "opponent"/,
    );
    expect(() => make("ta:TicTacToe-v0", { player_id: 2 })).toThrow(/must be 0 or 1/);
    expect(() => make("ta:TicTacToe-v0", { opponent: "clever" })).toThrow(
      /must be "random", or a list of replies/,
    );
  });

  it("reach TextArena, which refuses what does not fit", { timeout: TIMEOUT_MS }, async () => {
    const env = make("ta:GuessTheNumber-v0", { min_number: 3, max_number: 4 });
    const [rules] = await env.reset(1);
    expect(rules).toContain("between 3 and 4");
    await env.close();
    const odd = make("ta:Othello-v0", { board_size: 7 });
    await expect(odd.reset(1)).rejects.toMatchObject({ code: "GEM_INVALID_OPTION" });
  });
});

describe("a game", { timeout: TIMEOUT_MS }, () => {
  const opponent = ["[0]", "[1]", "[7]"];

  it("is played to its end with moves in boxes or without, the last box of a reply", async () => {
    const env = make("ta:TicTacToe-v0", { opponent });
    const [rules, info] = await env.reset(1);
    expect(rules).toMatch(/^You are Player 0 in Tic Tac Toe\.[\s\S]*\\boxed\{\}[\s\S]*$/);
    expect(info).toEqual({ player_id: 0, turn: 0, invalid_move: false });
    const [shown, ...first] = await env.step("perhaps \\boxed{[8]}, no: \\boxed{[4]}");
    expect(shown).toContain("[Player 1] [0]");
    expect(shown).not.toContain("[Player 0]");
    expect(first).toEqual([0, false, false, { player_id: 0, turn: 2, invalid_move: false }]);
    expect((await env.step("\\boxed{5}")).slice(1, 4)).toEqual([0, false, false]);
    const [last, ...end] = await env.step("[3]");
    expect(last).toMatch(/The game is over\. Player 0 has won!$/);
    const reason = "Player 0 has won!";
    expect(end).toEqual([1, true, false, { player_id: 0, turn: 5, invalid_move: false, reason }]);
    const again = await env.step("[2]");
    expect(again.slice(0, 4)).toEqual(["The game is over. Player 0 has won!", 0, true, false]);
    await env.close();
  });

  it("has texts of its own that can be replaced", async () => {
    const prompts = { how_to_answer: "Move!", ending: "Over: {reason}" };
    const env = make("ta:TicTacToe-v0", { opponent, player_id: 1, prompts });
    const [rules] = await env.reset(1);
    expect(rules).toMatch(/\n\nMove!$/);
    await env.step("nonsense");
    const [shown, reward, terminated, , info] = await env.step("nonsense");
    expect(shown).toMatch(/Over: /);
    expect([reward, terminated, info["invalid_move"]]).toEqual([-1, true, true]);
    await env.close();
  });

  it("says what is missing instead of downloading it", async () => {
    const env = make("ta:Wordle-v0");
    try {
      await env.reset(1);
    } catch (error) {
      expect(error).toMatchObject({ code: "GEM_UNAVAILABLE" });
      expect(String(error)).toMatch(/NLTK_DATA/);
    } finally {
      await env.close();
    }
  });
});

describe("every game", () => {
  it.each(PLAYED)(
    "%s goes the same way alone, in a vector and in a copy",
    { timeout: TIMEOUT_MS },
    async (id) => {
      const alone = make(id);
      const log = await play(alone, 5, 6);
      const vector = makeVec([id, "ta:Blackjack-v0"], { seed: 1 });
      const [member, neighbour] = vector.envs;
      if (member === undefined || neighbour === undefined) throw new Error("a vector of two");
      await neighbour.reset(2);
      const [beside] = await Promise.all([play(member, 5, 6), play(neighbour, 3, 6)]);
      expect(digest(beside)).toBe(digest(log));
      const copy = await spawn(alone, true);
      expect(digest(await playOn(copy, 6, 4))).toBe(digest(await playOn(alone, 6, 4)));
      await Promise.all([alone.close(), copy.close(), vector.close()]);
    },
  );
});
