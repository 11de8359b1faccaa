/** The most digits that Python reads as a number; more are no number. */
export const MAX_DIGITS = 4300;
