/** Clues from WordNet's definitions. */

/** Subjects that a clue does not touch: sex, body waste, slurs and groups that they are aimed at, drugs, killing. */
const INDECENT =
  /\b(?:sex\w*|genital\w*|penis|penile|vagina\w*|vulva\w*|testic\w*|scrot\w*|anus|anal|rectum|rectal|breasts?|nipples?|copulat\w*|coit\w*|intercourse|erotic\w*|orgasm\w*|semen|sperm\w*|prostitut\w*|brothel|whore|homosexual\w*|lesbian\w*|gay|incest\w*|rap(?:e|ist|ed)|pornograph\w*|obscen\w*|vulgar|lewd\w*|lust\w*|masturbat\w*|testes|syphilis|gonorrh\w*|venereal|bitch\w*|bastard\w*|nigg\w*|damn\w*|hell|urin\w*|feces|faeces|fecal|excre\w*|defecat\w*|menstru\w*|pregnan\w*|abort\w*|castrat\w*|naked|nud\w*|offensive|derogatory|disparag\w*|contempt\w*|slurs?|ethnic|rac(?:e|es|ial|ist)|negro\w*|blacks?|whites?|jew\w*|gypsy|gypsies|muslim\w*|islam\w*|christian\w*|catholic\w*|hindu\w*|slaves?|slavery|nazi\w*|cocaine|heroin|marijuana|narcotic\w*|opium|suicid\w*|murder\w*|kill\w*|genocid\w*|tortur\w*|corpses?|terroris\w*|handicap\w*|retard\w*|crippl\w*|insane|lunatic|stupid|fat|prophet|worship\w*|god|deity|church|devil)\b/i;

/** Words too common to give anything away. */
const COMMON = new Set(
  "the and for that with from any one not are can has his her its all but who some use used out into than two you your".split(
    " ",
  ),
);

/**
 * The definition at the head of a gloss as a clue, or undefined when it does not make a good one.
 *
 * @param {string} gloss definitions and quoted examples, parted by semicolons
 * @param {{fewest: number, longest: number}} limits fewest words, most characters
 * @returns {string | undefined}
 */
export function clueText(gloss, { fewest, longest }) {
  const [definition] = gloss.split('"');
  const plain = definition.replace(/^(?:\([^()]*\) *)+/, "").replace(/[;:, ]+$/, "");
  const text = plain.length <= longest ? plain : plain.split(/ *;/)[0];
  if (text.length > longest || text.split(" ").length < fewest || INDECENT.test(text)) {
    return undefined;
  }
  if (!/^[a-z][\w (),;:'/-]*[\w)]$/i.test(text) || hasOpenParenthesis(text)) return undefined;
  if (/^(?:especially|usually|used|as) /.test(text)) return undefined;
  return text[0].toUpperCase() + text.slice(1);
}

function hasOpenParenthesis(text) {
  let open = 0;
  for (const letter of text) {
    if (letter === "(") open += 1;
    if (letter === ")") open -= 1;
    if (open < 0) return true;
  }
  return open !== 0;
}

/** Whether a clue gives its answer away: it holds the answer, or a word that shares its stem. */
export function gives(text, answer) {
  const lower = text.toLowerCase();
  if (lower.includes(answer) || INDECENT.test(answer)) return true;
  return (lower.match(/[a-z]{3,}/g) ?? []).some((word) => isRelated(word, answer));
}

function isRelated(word, answer) {
  if (COMMON.has(word)) return false;
  const stem = stemOf(word);
  if (answer.startsWith(stem) || word.startsWith(stemOf(answer))) return true;
  if (skeleton(stem) === skeleton(stemOf(answer))) return true;
  if (answer.startsWith(word.slice(0, 5)) && word.length >= 5) return true;
  const shared = sharedLetters(stem, answer);
  return shared >= 4 && (shared >= 0.55 * answer.length || shared >= 0.7 * stem.length);
}

/** A word without its commonest ending; at least three letters stay. */
function stemOf(word) {
  return word.replace(/(?<=^.{3,})(?:ies|es|ed|ings?|ers?|[sey])$/, "");
}

/** The consonants of a word after its first letter, which stays when vowels change: sing, song. */
function skeleton(word) {
  return word[0] + word.slice(1).replace(/[aeiouy]/g, "");
}

/** The length of the longest run of letters that both words have. */
function sharedLetters(a, b) {
  let longest = 0;
  for (let i = 0; i < a.length; i++) {
    while (b.includes(a.slice(i, i + longest + 1)) && i + longest < a.length) longest += 1;
  }
  return longest;
}
