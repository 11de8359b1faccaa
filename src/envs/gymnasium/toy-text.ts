/** Gymnasium's toys in text: what they are about, and what their numbers mean. */
import { z } from "zod";
import type { Kind, Sight } from "./kind.ts";
import { numbersOf } from "./numbers.ts";

const flag = z.boolean().optional().describe("true or false");
const probability = z.number().min(0).max(1).optional().describe("a number from 0 to 1");

const FROZEN_LAKE: Kind = {
  name: "FrozenLake",
  ids: ["FrozenLake-v1", "FrozenLake8x8-v1"],
  options: {
    map_name: z.enum(["4x4", "8x8"]).optional().describe('"4x4" or "8x8"'),
    desc: z.array(z.string()).optional().describe("a list of rows of the letters S, F, H and G"),
    is_slippery: flag,
    success_rate: probability,
  },
  about:
    "Cross a frozen lake from the start S to the goal G. F is ice, H is a hole, P is you. Reaching the goal earns 1; a hole ends the " +
    "episode with nothing. Unless it was made not slippery, the ice may take you sideways of where you wanted to go.",
  actions: [
    ["left", "west"],
    ["down", "south"],
    ["right", "east"],
    ["up", "north"],
  ],
  describe: describeLake,
};

const CLIFF_WALKING: Kind = {
  name: "CliffWalking",
  ids: ["CliffWalking-v1", "CliffWalkingSlippery-v1"],
  options: { is_slippery: flag },
  about:
    "Walk along a cliff from the bottom left to the target T at the bottom right. x is you, o is ground, C is the cliff. Each step " +
    "costs 1, the cliff costs 100 and puts you back to the start. The target ends the episode.",
  actions: [
    ["up", "north"],
    ["right", "east"],
    ["down", "south"],
    ["left", "west"],
  ],
  describe: ({ values, picture }) => {
    const position = numbersOf(values)[0] ?? 0;
    return `You are at row ${String(Math.floor(position / 12))}, column ${String(position % 12)}.\n${trimmed(picture)}`;
  },
};

const PLACES = [
  "R (row 0, column 0)",
  "G (row 0, column 4)",
  "Y (row 4, column 0)",
  "B (row 4, column 3)",
];

const TAXI: Kind = {
  name: "Taxi",
  ids: ["Taxi-v4"],
  options: {
    is_rainy: flag,
    fickle_passenger: flag,
    rainy_probability: probability,
    fickle_probability: probability,
  },
  about:
    "Drive a taxi on a grid of 5 by 5: fetch the passenger at one of R, G, Y and B, and bring them to another. | is a wall, : can be " +
    "crossed. Each step costs 1, a wrong pick up or drop off costs 10, and bringing the passenger home earns 20 and ends the episode.",
  actions: [
    ["south", "down"],
    ["north", "up"],
    ["east", "right"],
    ["west", "left"],
    ["pickup", "pick up", "pick-up"],
    ["dropoff", "drop off", "drop-off"],
  ],
  describe: ({ values, picture }) => {
    const code = numbersOf(values)[0] ?? 0;
    const row = String(Math.floor(code / 100));
    const column = String(Math.floor(code / 20) % 5);
    const passenger = PLACES[Math.floor(code / 4) % 5];
    const waits = passenger === undefined ? "is in the taxi" : `waits at ${passenger}`;
    const target = PLACES[code % 4] ?? "";
    return `The taxi is at row ${row}, column ${column}. The passenger ${waits} and wants to go to ${target}.\n${trimmed(picture)}`;
  },
};

const BLACKJACK: Kind = {
  name: "Blackjack",
  ids: ["Blackjack-v1"],
  options: { natural: flag, sab: flag },
  about:
    "Play one hand of Blackjack against a dealer who draws up to 17. Jack, queen and king count 10, an ace 1 or 11; more than 21 loses. " +
    "Winning earns 1, losing costs 1, a draw is 0.",
  actions: [["stick", "stand"], ["hit"]],
  describe: ({ values }) => {
    const [sum = 0, dealer = 0, ace = 0] = numbersOf(values);
    const shown = dealer === 1 ? "an ace" : String(dealer);
    return `Your cards sum to ${String(sum)}, ${ace === 1 ? "with" : "without"} an ace that counts 11. The dealer shows ${shown}.`;
  },
};

/** The toys. */
export const TOY_TEXT: readonly Kind[] = [FROZEN_LAKE, CLIFF_WALKING, TAXI, BLACKJACK];

function describeLake({ values, picture }: Sight): string {
  const position = numbersOf(values)[0] ?? 0;
  const rows = trimmed(picture)
    .split("\n")
    .filter((line) => /^[SFHG]+$/.test(line));
  const width = rows[0]?.length ?? 1;
  const [row, column] = [Math.floor(position / width), position % width];
  const marked = rows.map((line, y) =>
    y === row ? `${line.slice(0, column)}P${line.slice(column + 1)}` : line,
  );
  const under = rows[row]?.[column] ?? "";
  return `You are at row ${String(row)}, column ${String(column)}, on ${under}.\n${marked.join("\n")}`;
}

/** A picture without empty lines around it, nor the last action that Gymnasium writes there in brackets. */
function trimmed(picture: string | null): string {
  return (picture ?? "")
    .split("\n")
    .filter((line) => line.trim() !== "" && !/^ {2}\([\w ]+\)$/.test(line))
    .join("\n");
}
