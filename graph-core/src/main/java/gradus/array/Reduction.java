package gradus.array;

/** The ways to make one number of many. */
enum Reduction {
    SUM,
    MAX,
    MIN
}
