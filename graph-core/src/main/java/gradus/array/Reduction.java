package gradus.array;

/** Reductions: functions of many elements with one result. */
enum Reduction {
    SUM,
    MAX,
    MIN
}
