import { SEEDS } from "../seeds.ts";
import { box, type GameCases, type PlainState } from "./game-cases.ts";

/** What may stand between the towers, and what may not. */
const BETWEEN = [" ", "", ",", ", ", " ,", "\t\u3000,\u001c\n", "\u0085", ",,", "->", "  "];

const TOWERS = ["A", "B", "C", "a", "b", "c"];

type Board = Readonly<Record<string, readonly number[]>>;

/** Tower of Hanoi. */
export const towerOfHanoi: GameCases = {
  game: "TowerofHanoi",
  cases: [
    ["game:TowerofHanoi-v0-easy", {}, SEEDS],
    ["game:TowerofHanoi-v0-hard", {}, SEEDS],
    ["game:TowerofHanoi-v0-random", {}, SEEDS],
    ["game:TowerofHanoi-v0-easy", { num_disks: 1, max_turns: 3 }, SEEDS],
    ["game:TowerofHanoi-v0-hard", { num_disks: 12, max_turns: 50 }, SEEDS],
    ["game:TowerofHanoi-v0-hard", { max_turns: null }, SEEDS],
  ],
  mixed(state, dice) {
    const kind = dice.below(8);
    if (kind === 0) return `${box("CA")} or ${box("AC")} or ${box("A D")} ${box(" AC")}`;
    if (kind < 3) return winningMove(state) ?? box("C C");
    return box(`${dice.pick(TOWERS)}${dice.pick(BETWEEN)}${dice.pick(TOWERS)}`);
  },
  winning: winningMove,
  meets: ["all terminated", "some terminated truncated", "nothing terminated truncated"],
  sampler: "none",
};

/** The first of the fewest moves that bring all disks to C, or undefined when they are there. */
function winningMove(state: PlainState): string | undefined {
  const board = state["board"] as Board;
  let goal = "C";
  let move: string | undefined;
  for (let disk = Number(state["num_disks"]); disk > 0; disk--) {
    const tower = Object.keys(board).find((name) => board[name]?.includes(disk)) ?? goal;
    if (tower === goal) continue;
    move = box(`${tower} ${goal}`);
    goal = ["A", "B", "C"].find((name) => name !== tower && name !== goal) ?? goal;
  }
  return move;
}
