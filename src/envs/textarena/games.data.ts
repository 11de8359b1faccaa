/** TextArena 0.7.4's games that one player can play here; made by `scripts/make-ta-ids.py`. */

/** One of TextArena's games. */
export interface Game {
  /** How many play it; of two, one is an opponent. */
  readonly players: 1 | 2;
  /** Arguments of its constructor. */
  readonly options: readonly string[];
  /** Its ids in TextArena. */
  readonly ids: readonly string[];
}

/** Every game by its name. */
export const GAMES: Readonly<Record<string, Game>> = {
  Game2048: {
    players: 1,
    options: ["target_tile", "board_size"],
    ids: [
      "2048-v0-ultra-easy",
      "2048-v0-mega-easy",
      "2048-v0-super-easy",
      "2048-v0-very-easy",
      "2048-v0-easy",
      "2048-v0",
      "2048-v0-hard",
      "2048-v0-very-hard",
      "2048-v0-extreme",
      "2048-v0-3x3",
      "2048-v0-5x5",
      "2048-v0-6x6",
      "2048-v0-8x8",
      "2048-v0-10x10",
    ],
  },
  Bandit: {
    players: 1,
    options: ["buttons", "p_gap", "num_turns", "include_summary"],
    ids: ["Bandit-v0", "Bandit-v0-hard"],
  },
  Blackjack: {
    players: 1,
    options: ["num_hands"],
    ids: ["Blackjack-v0", "Blackjack-v0-long"],
  },
  Countdown: {
    players: 1,
    options: ["numbers", "target", "max_turns"],
    ids: ["Countdown-v0"],
  },
  Crosswords: {
    players: 1,
    options: ["hardcore", "max_turns", "num_words"],
    ids: ["Crosswords-v0", "Crosswords-v0-hardcore"],
  },
  Cryptarithm: {
    players: 1,
    options: ["equation", "max_turns"],
    ids: ["Cryptarithm-v0"],
  },
  FifteenPuzzle: {
    players: 1,
    options: ["max_turns"],
    ids: ["FifteenPuzzle-v0"],
  },
  FrozenLake: {
    players: 1,
    options: ["size", "num_holes", "randomize_start_goal"],
    ids: ["FrozenLake-v0", "FrozenLake-v0-random", "FrozenLake-v0-hardcore"],
  },
  GuessTheNumber: {
    players: 1,
    options: ["min_number", "max_number", "max_turns"],
    ids: ["GuessTheNumber-v0", "GuessTheNumber-v0-hardcore"],
  },
  Hangman: {
    players: 1,
    options: ["hardcore"],
    ids: ["Hangman-v0", "Hangman-v0-hardcore"],
  },
  LightsOut: {
    players: 1,
    options: ["size", "max_turns"],
    ids: ["LightsOut-v0"],
  },
  LogicPuzzle: {
    players: 1,
    options: ["difficulty", "max_turns"],
    ids: ["LogicPuzzle-v0", "LogicPuzzle-v0-hard"],
  },
  Mastermind: {
    players: 1,
    options: ["code_length", "num_numbers", "max_turns", "duplicate_numbers"],
    ids: ["Mastermind-v0", "Mastermind-v0-hard", "Mastermind-v0-extreme"],
  },
  Minesweeper: {
    players: 1,
    options: ["rows", "cols", "num_mines", "max_turns"],
    ids: ["Minesweeper-v0", "Minesweeper-v0-small", "Minesweeper-v0-medium", "Minesweeper-v0-hard"],
  },
  PegJump: {
    players: 1,
    options: ["initial_empty"],
    ids: ["PegJump-v0"],
  },
  RushHour: {
    players: 1,
    options: ["difficulty"],
    ids: ["RushHour-v0"],
  },
  Secretary: {
    players: 1,
    options: ["N"],
    ids: ["Secretary-v0", "Secretary-v0-long"],
  },
  Set: {
    players: 1,
    options: ["seed"],
    ids: ["Set-v0"],
  },
  Slitherlink: {
    players: 1,
    options: ["rows", "cols", "max_turns"],
    ids: ["Slitherlink-v0"],
  },
  Sokoban: {
    players: 1,
    options: ["dim_room", "max_turns", "num_boxes"],
    ids: ["Sokoban-v0", "Sokoban-v0-medium"],
  },
  Sudoku: {
    players: 1,
    options: ["clues", "max_turns"],
    ids: [
      "Sudoku-v0-very-easy",
      "Sudoku-v0-easy",
      "Sudoku-v0",
      "Sudoku-v0-medium",
      "Sudoku-v0-hard",
    ],
  },
  ThreeCardMonte: {
    players: 1,
    options: ["num_cups", "steps"],
    ids: ["ThreeCardMonte-v0"],
  },
  TowerOfHanoi: {
    players: 1,
    options: ["num_disks", "max_turns"],
    ids: [
      "TowerOfHanoi-v0",
      "TowerOfHanoi-v0-medium",
      "TowerOfHanoi-v0-hard",
      "TowerOfHanoi-v0-hardcore",
      "TowerOfHanoi-v0-extreme",
    ],
  },
  WordLadder: {
    players: 1,
    options: ["min_distance", "max_distance", "max_turns"],
    ids: ["WordLadder-v0", "WordLadder-v0-medium", "WordLadder-v0-hard"],
  },
  Wordle: {
    players: 1,
    options: ["word_length", "num_guesses", "hardcore"],
    ids: ["Wordle-v0", "Wordle-v0-hardcore", "Wordle-v0-long", "Wordle-v0-long-hardcore"],
  },
  WordSearch: {
    players: 1,
    options: ["hardcore", "max_turns"],
    ids: ["WordSearch-v0", "WordSearch-v0-hardcore"],
  },
  Alquerque: {
    players: 2,
    options: [],
    ids: ["Alquerque-v0"],
  },
  Battleship: {
    players: 2,
    options: ["grid_size"],
    ids: [
      "Battleship-v0",
      "Battleship-v0-standard",
      "Battleship-v0-large",
      "Battleship-v0-extreme",
    ],
  },
  Breakthrough: {
    players: 2,
    options: ["is_open", "board_size"],
    ids: [
      "Breakthrough-v0-tiny",
      "Breakthrough-v0-small",
      "Breakthrough-v0",
      "Breakthrough-v0-large",
      "Breakthrough-v0-blind",
      "Breakthrough-v0-long",
    ],
  },
  Briscola: {
    players: 2,
    options: [],
    ids: ["Briscola-v0"],
  },
  Checkers: {
    players: 2,
    options: ["max_turns"],
    ids: ["Checkers-v0", "Checkers-v0-long"],
  },
  Chess: {
    players: 2,
    options: ["is_open", "max_turns", "show_valid"],
    ids: ["Chess-v0", "Chess-v0-long", "Chess-v0-blind"],
  },
  Chopsticks: {
    players: 2,
    options: ["max_turns"],
    ids: ["Chopsticks-v0", "Chopsticks-v0-medium", "Chopsticks-v0-long"],
  },
  ColonelBlotto: {
    players: 2,
    options: ["num_fields", "num_total_units", "num_rounds"],
    ids: [
      "ColonelBlotto-v0-small",
      "ColonelBlotto-v0",
      "ColonelBlotto-v0-large",
      "ColonelBlotto-v0-extreme",
    ],
  },
  ConnectFour: {
    players: 2,
    options: ["is_open", "num_rows", "num_cols"],
    ids: ["ConnectFour-v0", "ConnectFour-v0-blind", "ConnectFour-v0-large"],
  },
  Crusade: {
    players: 2,
    options: [],
    ids: ["Crusade-v0"],
  },
  GameOfPureStrategy: {
    players: 2,
    options: [],
    ids: ["GameOfPureStrategy-v0"],
  },
  GermanWhist: {
    players: 2,
    options: [],
    ids: ["GermanWhist-v0"],
  },
  Golf: {
    players: 2,
    options: ["num_cards", "num_columns"],
    ids: ["Golf-v0", "Golf-v0-medium"],
  },
  HighSociety: {
    players: 2,
    options: [],
    ids: ["HighSociety-v0"],
  },
  IndianPoker: {
    players: 2,
    options: ["max_rounds", "starting_chips"],
    ids: [
      "IndianPoker-v0-short",
      "IndianPoker-v0",
      "IndianPoker-v0-medium",
      "IndianPoker-v0-long",
      "IndianPoker-v0-extreme",
    ],
  },
  IteratedMatchingPennies: {
    players: 2,
    options: ["num_rounds"],
    ids: ["IteratedMatchingPennies-v0"],
  },
  IteratedPrisonersDilemma: {
    players: 2,
    options: [
      "num_rounds",
      "communication_turns",
      "cooperate_reward",
      "defect_reward",
      "sucker_reward",
      "mutual_defect_reward",
    ],
    ids: ["IteratedPrisonersDilemma-v0"],
  },
  IteratedRockPaperScissors: {
    players: 2,
    options: ["num_rounds"],
    ids: ["IteratedRockPaperScissors-v0"],
  },
  IteratedTwoThirdsAverage: {
    players: 2,
    options: ["num_rounds", "min_guess", "max_guess"],
    ids: ["IteratedTwoThirdsAverage-v0"],
  },
  IteratedStagHunt: {
    players: 2,
    options: [
      "num_rounds",
      "conversation_rounds",
      "mutual_stag_reward",
      "single_hare_reward",
      "single_stag_reward",
      "mutual_hare_reward",
      "randomize_payoff",
    ],
    ids: ["IteratedStagHunt-v0", "IteratedStagHunt-v0-randomized"],
  },
  KuhnPoker: {
    players: 2,
    options: ["max_rounds"],
    ids: [
      "KuhnPoker-v0",
      "KuhnPoker-v0-short",
      "KuhnPoker-v0-medium",
      "KuhnPoker-v0-long",
      "KuhnPoker-v0-extreme",
    ],
  },
  LinesOfAction: {
    players: 2,
    options: [],
    ids: ["LinesOfAction-v0"],
  },
  MemoryGame: {
    players: 2,
    options: ["grid_size", "max_turns"],
    ids: ["MemoryGame-v0", "MemoryGame-v0-medium", "MemoryGame-v0-hard"],
  },
  Nim: {
    players: 2,
    options: ["piles"],
    ids: ["Nim-v0", "Nim-v0-medium", "Nim-v0-large"],
  },
  Othello: {
    players: 2,
    options: ["board_size", "show_valid"],
    ids: [
      "Othello-v0-tiny",
      "Othello-v0-small",
      "Othello-v0",
      "Othello-v0-big",
      "Othello-v0-huge",
      "Othello-v0-hard",
    ],
  },
  PigDice: {
    players: 2,
    options: ["winning_score", "max_turns"],
    ids: [
      "PigDice-v0",
      "PigDice-v0-short",
      "PigDice-v0-long",
      "PigDice-v0-50",
      "PigDice-v0-100",
      "PigDice-v0-150",
      "PigDice-v0-200",
      "PigDice-v0-250",
      "PigDice-v0-300",
      "PigDice-v0-350",
      "PigDice-v0-400",
      "PigDice-v0-450",
      "PigDice-v0-500",
    ],
  },
  QuantumTicTacToe: {
    players: 2,
    options: [],
    ids: ["QuantumTicTacToe-v0"],
  },
  ReverseTicTacToe: {
    players: 2,
    options: [],
    ids: ["ReverseTicTacToe-v0"],
  },
  SimpleTak: {
    players: 2,
    options: ["board_size"],
    ids: ["SimpleTak-v0", "SimpleTak-v0-medium", "SimpleTak-v0-large", "SimpleTak-v0-extreme"],
  },
  TicTacToe: {
    players: 2,
    options: [],
    ids: ["TicTacToe-v0"],
  },
  UltimateTicTacToe: {
    players: 2,
    options: [],
    ids: ["UltimateTicTacToe-v0"],
  },
  IteratedUltimatumGame: {
    players: 2,
    options: ["pool", "max_turns", "alternate_roles"],
    ids: ["IteratedUltimatumGame-v0", "IteratedUltimatumGame-v0-alternate"],
  },
  WildTicTacToe: {
    players: 2,
    options: [],
    ids: ["WildTicTacToe-v0"],
  },
  Snake: {
    players: 2,
    options: ["width", "height", "num_apples", "max_turns"],
    ids: ["Snake-v0", "Snake-v0-standard", "Snake-v0-large"],
  },
  Surround: {
    players: 2,
    options: ["width", "height", "max_turns"],
    ids: ["Surround-v0", "Surround-v0-standard", "Surround-v0-large"],
  },
  LiarsDice: {
    players: 2,
    options: ["num_dice"],
    ids: ["LiarsDice-v0-small", "LiarsDice-v0", "LiarsDice-v0-large"],
  },
  Poker: {
    players: 2,
    options: ["num_rounds", "starting_chips", "small_blind", "big_blind"],
    ids: ["Poker-v0-small", "Poker-v0", "Poker-v0-long", "Poker-v0-extreme"],
  },
  Santorini: {
    players: 2,
    options: ["is_open", "show_valid", "error_allowance"],
    ids: ["SantoriniBaseFixed-v0"],
  },
  UltimateTexasHoldem: {
    players: 1,
    options: ["max_turns", "start_chips", "ante_amount"],
    ids: ["UltimateTexasHoldem-v0"],
  },
};
