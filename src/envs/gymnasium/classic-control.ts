/** Gymnasium's classic control problems with a few actions: what they are about, and what their numbers mean. */
import { z } from "zod";
import type { Kind } from "./kind.ts";
import { labelled } from "./numbers.ts";

const CART_POLE: Kind = {
  name: "CartPole",
  ids: ["CartPole-v0", "CartPole-v1"],
  options: { sutton_barto_reward: z.boolean().optional().describe("true or false") },
  about:
    "Keep a pole upright on a cart by pushing the cart to the left or to the right. Each step earns 1. It ends when the cart is further " +
    "than 2.4 from the middle, or the pole leans more than 0.2095 radians.",
  actions: [["left"], ["right"]],
  describe: ({ values }) =>
    `Cart: ${labelled(values, ["position", "velocity", "pole angle (radians)", "pole's angular velocity"])}.`,
};

const MOUNTAIN_CAR: Kind = {
  name: "MountainCar",
  ids: ["MountainCar-v0"],
  options: { goal_velocity: z.number().optional().describe("a number") },
  about:
    "Get a weak car out of a valley, over the hill at position 0.5, by swinging back and forth. Each step costs 1; the top ends the episode.",
  actions: [["left"], ["none", "coast"], ["right"]],
  describe: ({ values }) => `Car: ${labelled(values, ["position", "velocity"])}.`,
};

const ACROBOT: Kind = {
  name: "Acrobot",
  ids: ["Acrobot-v1"],
  options: {},
  about:
    "Two links hang from a joint; turn the joint between them until the free end is above the line one link over the upper joint. Each " +
    "step costs 1; getting there ends the episode.",
  actions: [["negative"], ["none"], ["positive"]],
  describe: ({ values }) =>
    `Links: ${labelled(values, ["cos of angle 1", "sin of angle 1", "cos of angle 2", "sin of angle 2", "angular velocity 1", "angular velocity 2"])}.`,
};

/** The control problems. */
export const CLASSIC_CONTROL: readonly Kind[] = [CART_POLE, MOUNTAIN_CAR, ACROBOT];
