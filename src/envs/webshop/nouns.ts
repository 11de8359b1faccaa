/** Gives the nouns of an English text, in small letters, each once. */
export type NounsOf = (text: string) => readonly string[];

/** Loads what tells words apart; some MB, so only who makes a shop's file does it. */
export async function loadNouns(): Promise<NounsOf> {
  // Differs from upstream D149: upstream asks a model of spaCy, at each purchase.
  const { default: nlp } = await import("compromise/two");
  return (text) => {
    const found = new Set<string>();
    for (const { terms } of nlp(text).json() as Sentence[]) {
      for (const { normal, tags } of terms) {
        if (tags.includes("Noun") && !tags.includes("Pronoun") && normal !== "") found.add(normal);
      }
    }
    return [...found];
  };
}

interface Sentence {
  readonly terms: readonly { readonly normal: string; readonly tags: readonly string[] }[];
}
