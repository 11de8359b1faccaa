import { GemError } from "../errors.ts";
import type { Need, NeedPort } from "./need-port.ts";

/** Somebody who needs some groups to himself; first come, first served. */
export interface Turn {
  /** Position in the order of arrival. */
  readonly order: number;
  /** The groups it needs; more may be added while it runs. */
  readonly groups: Group[];
  /** Whether it has begun; set here. */
  hasBegun?: boolean;
  /** Runs it; called once, when it is the first in all its groups. */
  begin(): void;
  /** Asks the client's object; absent where nobody is there to answer. */
  need?(need: Need): Promise<unknown>;
}

/** Asks the client for an environment that steps while no call on it runs. */
export interface FlightPort {
  /** Asks in the name of what is in flight. */
  need(need: Need, group: Group): Promise<unknown>;
  /** A call waits for what is in flight, and can carry its questions meanwhile. */
  attend(turn: Turn, group: Group): void;
}

/**
 * Environments that share objects (a wrapper and what it wraps, a vector and its members): calls on them run one at a time.
 * Groups merge when a vector is assembled; every `Group` object goes on to stand for what it has become part of.
 */
export class Group implements NeedPort {
  #parent: Group | undefined;
  /** Who runs (the first) and who waits, by order of arrival; of a root only. */
  #queue: Turn[] = [];
  /** Who asks while this group's environment is in flight; not of a root: of the very object. */
  #flight: FlightPort | undefined;

  /** Asks in the name of what is in flight, else of the turn that runs in this group. */
  need(need: Need): Promise<unknown> {
    if (this.#flight !== undefined) return this.#flight.need(need, this);
    const turn = this.#root().#queue[0];
    if (turn?.need !== undefined) return turn.need(need);
    const message = `${need.method}() of ${need.owner} was needed while no call was running.`;
    return Promise.reject(new GemError("GEM_INTERNAL", message));
  }

  /** This group's environment steps on while no call on it runs; calls that name it wait. */
  depart(port: FlightPort): void {
    this.#flight = port;
  }

  /** It is back. */
  land(): void {
    this.#flight = undefined;
    const first = this.#root().#queue[0];
    if (first !== undefined && first.hasBegun !== true) Group.#beginSoon(first);
  }

  /** Lets a turn begin as soon as it is the first in all its groups: perhaps at once. */
  static enter(turn: Turn): void {
    for (const root of Group.#rootsOf(turn)) root.#queue.push(turn);
    if (!Group.#mayBegin(turn)) return;
    turn.hasBegun = true;
    turn.begin();
  }

  /** Ends a turn, and lets those begin that waited for it alone. */
  static leave(turn: Turn): void {
    const next = new Set<Turn>();
    for (const root of Group.#rootsOf(turn)) {
      root.#queue.shift();
      const first = root.#queue[0];
      if (first !== undefined) next.add(first);
    }
    for (const first of next) Group.#beginSoon(first);
  }

  /** Not at once: a long queue of quick turns would end in a deep recursion. */
  static #beginSoon(turn: Turn): void {
    if (!Group.#mayBegin(turn)) return;
    turn.hasBegun = true;
    queueMicrotask(() => turn.begin());
  }

  /** Whether a turn is the first in all its groups, and none of them is in flight. */
  static #mayBegin(turn: Turn): boolean {
    if (!Group.#isFirst(turn)) return false;
    const away = turn.groups.find((group) => group.#flight !== undefined);
    if (away === undefined) return true;
    away.#flight?.attend(turn, away);
    return false;
  }

  /** Adds a group that nobody else knows yet to those a running turn holds. */
  static hold(turn: Turn, group: Group): void {
    turn.groups.push(group);
    group.#queue.push(turn);
  }

  /** Makes one group of all those a running turn holds. */
  static merge(turn: Turn): void {
    const [first, ...others] = Group.#rootsOf(turn);
    if (first === undefined) return;
    const turns = new Set(first.#queue);
    for (const other of others) {
      for (const waiting of other.#queue) turns.add(waiting);
      other.#queue = [];
      other.#parent = first;
    }
    first.#queue = [...turns].sort((a, b) => a.order - b.order);
  }

  static #isFirst(turn: Turn): boolean {
    return Group.#rootsOf(turn).every((root) => root.#queue[0] === turn);
  }

  static #rootsOf(turn: Turn): readonly Group[] {
    const roots = turn.groups.map((group) => group.#root());
    return roots.length === 1 ? roots : [...new Set(roots)];
  }

  #root(): Group {
    if (this.#parent === undefined) return this;
    this.#parent = this.#parent.#root();
    return this.#parent;
  }
}
