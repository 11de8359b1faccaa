/** A pattern of one character that Python's `re` counts as white space; JavaScript's `\s` differs in six characters. */
export const WHITE_SPACE =
  "[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]";

/** What stands between the brackets of `WHITE_SPACE`, for classes that hold other characters too. */
export const WHITE_SPACE_CHARACTERS: string = WHITE_SPACE.slice(1, -1);
