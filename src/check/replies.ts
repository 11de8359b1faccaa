/** Replies that are malformed in every environment, or mean something only in some. */
export const NOISE: readonly string[] = [
  "",
  "no box",
  "\\boxed{}",
  "\\boxed{?}",
  "\\boxed{1}",
  "\\boxed{up}",
  "\\boxed{0} and \\boxed{3}",
  "\ud800",
];

/** A reply that no environment can read. */
export const MALFORMED = "There is no answer in this reply.";

/** What a model may say, however strange: each is answered with an observation and a reward. */
export const NASTY: readonly (readonly [name: string, reply: string | null])[] = [
  ["no answer", MALFORMED],
  ["nothing", ""],
  ["null", null],
  ["white space", " \t\r\n\u00a0\u2028\u3000"],
  ["control characters", "\u0000\u0001\u0007\u001b[31m\u007f\\boxed{\u0000}"],
  ["lone surrogates", "\ud800\\boxed{\udfff}\udc00"],
  ["an emoji", "\\boxed{\u{1f600}}"],
  ["text from right to left", "\u202e\\boxed{\u0645\u0631\u062d\u0628\u0627}"],
  ["Chinese", "\u6211\u731c\u662f\\boxed{\u4e94}\u3002"],
  ["letters that fold to others", "\\boxed{r\u0131ght} \\boxed{\u017f} \\boxed{\u212a}"],
  ["digits of other scripts", "\\boxed{\u0663} \\boxed{\uff17}"],
  ["combining marks", `\\boxed{a${"\u0301".repeat(1000)}}`],
  ["an empty box", "\\boxed{}"],
  ["a box of white space", "\\boxed{ \n }"],
  ["a box that stays open", "\\boxed{1"],
  ["a box that is only closed", "}}}1}"],
  ["boxes in boxes", `${"\\boxed{".repeat(200)}1${"}".repeat(200)}`],
  ["many boxes", "\\boxed{1}".repeat(1000)],
  ["a negative number", "\\boxed{-1}"],
  ["a huge number", `\\boxed{${"9".repeat(4000)}}`],
  ["no number", "\\boxed{NaN} \\boxed{Infinity} \\boxed{1e999} \\boxed{0x10}"],
  ["a fraction", "\\boxed{\\frac{1}{0}}"],
  ["numbers", "\\boxed{99999 -99999 3 4 5}"],
  ["code", "```python\nraise SystemExit\n```\\boxed{__import__('os')}"],
  ["markup", "<answer></answer><think><script>alert(1)</script>\\boxed{<b>}"],
  ["format fields", "\\boxed{%s %n {0} ${x} {{}}}"],
  ["a path", "\\boxed{../../etc/passwd}"],
  ["names of built-in properties", "\\boxed{__proto__} \\boxed{constructor} \\boxed{toString}"],
  ["JSON", '{"action": {"nested": [1, null]}} \\boxed{{"a": 1}}'],
  ["1 MB of one letter", "a".repeat(1_000_000)],
  ["1 MB in a box", `\\boxed{${"9 ".repeat(500_000)}}`],
  ["1 MB of opened boxes", "\\boxed{".repeat(140_000)],
];
