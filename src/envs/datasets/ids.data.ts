/** Registered ids: repositories of the hub with their splits and columns. */

/** Where rows are and how their columns are called. */
export interface IdOptions {
  readonly dataset_name: string;
  readonly split?: string;
  readonly question_key?: string;
  readonly answer_key?: string;
  readonly test_key?: string;
  readonly image_key?: string;
  readonly extract_boxed?: boolean;
}

const PROBLEM = { question_key: "problem", answer_key: "answer" } as const;
const QUESTION = { question_key: "question", answer_key: "answer" } as const;
const TESTS = { question_key: "problem", test_key: "tests" } as const;

const math = (repository: string): IdOptions => ({
  dataset_name: `axon-rl/${repository}`,
  ...PROBLEM,
});

const mathEval = (split: string): IdOptions => ({
  dataset_name: "axon-rl/math-eval",
  split,
  ...PROBLEM,
});

const code = (repository: string, split = "train"): IdOptions => ({
  dataset_name: `axon-rl/${repository}`,
  split,
  ...TESTS,
});

const ruleTaker = (depth: number): IdOptions => ({
  dataset_name: `axon-rl/RuleTaker-d${depth}-70k`,
  split: "train",
  ...QUESTION,
  extract_boxed: true,
});

const search = (split: string): IdOptions => ({
  dataset_name: "axon-rl/search-eval",
  split,
  ...QUESTION,
});

/** Ids of `MathEnv`. */
export const MATH_IDS: Readonly<Record<string, IdOptions>> = {
  "math:ASDiv2K": math("ASDIV-2k"),
  "math:GSM8K": math("GSM-8k"),
  "math:Math12K": math("MATH-12k"),
  "math:Math8K-3to5": math("MATH-lvl3to5-8k"),
  "math:Orz57K": math("ORZ-57k"),
  "math:DeepScaleR40K": math("DeepScaleR-40K"),
  "eval:MATH500": mathEval("math"),
  "eval:AMC": mathEval("amc"),
  "eval:OlympiadBench": mathEval("olympiad_bench"),
  "eval:Minerva": mathEval("minerva"),
  "eval:AIME24": mathEval("aime24"),
};

/** Ids of `MathVisualEnv`. */
export const VISUAL_IDS: Readonly<Record<string, IdOptions>> = {
  "math:Geometry3K": {
    dataset_name: "axon-rl/geometry3k",
    split: "train",
    ...PROBLEM,
    image_key: "images",
  },
};

/** Ids of `CodeEnv`. */
export const CODE_IDS: Readonly<Record<string, IdOptions>> = {
  "code:CodeContest": code("CodeContest"),
  "code:Taco8k": code("TACO-8k"),
  "code:PrimeIntellect15k": code("PrimeIntellect-15k"),
  "eval:CodeContest": code("CodeContest", "test"),
  // Differs from upstream D116: HumanEval is among the ids.
  "code:HumanEval": {
    dataset_name: "openai/openai_humaneval",
    split: "test",
    question_key: "prompt",
    test_key: "test",
  },
};

/** Ids of `QaEnv`. */
export const QA_IDS: Readonly<Record<string, IdOptions>> = {
  "logic:RuleTaker-d0": ruleTaker(0),
  "logic:RuleTaker-d1": ruleTaker(1),
  "logic:RuleTaker-d2": ruleTaker(2),
  "logic:RuleTaker-d3": ruleTaker(3),
  "logic:RuleTaker-d5": ruleTaker(5),
  "qa:NaturalQuestions": { dataset_name: "axon-rl/NaturalQuestions", split: "train", ...PROBLEM },
  "qa:HotpotQA": { dataset_name: "axon-rl/HotpotQA", split: "train", ...PROBLEM },
  "eval:QaOpen": {
    dataset_name: "google-research-datasets/nq_open",
    split: "validation",
    ...QUESTION,
  },
  "eval:2Wiki": search("2wiki"),
  "eval:PopQA": search("popqa"),
  "eval:TriviaQA": search("tq"),
  "eval:HotpotQA": search("hotpotqa"),
  "eval:Bamboogle": search("bamboogle"),
  "eval:NaturalQuestions": search("nq"),
  "eval:Musique": search("musique"),
};
