package gradus.array;

/** Functions of whole rows, the last axis. */
enum RowFunction {
    SOFTMAX(true, false),
    LOG_SOFTMAX(true, false),
    LOG_SUM_EXP(false, false),
    ARGMAX(false, true),
    ARGMIN(false, true),
    ARGSORT(true, true),
    ARGSORT_DESCENDING(true, true),
    CUMARGMAX(true, true),
    CUMARGMIN(true, true),
    CUMSUM(true, false),
    CUMSUM_REVERSE(true, false),
    LOG_CUM_SUM_EXP(true, false);

    /** Whether the result has an element for each of the row's, rather than one for all. */
    final boolean keepsRow;
    /** Whether the result counts elements rather than combining them. */
    final boolean findsPositions;

    RowFunction(boolean keepsRow, boolean findsPositions) {
        this.keepsRow = keepsRow;
        this.findsPositions = findsPositions;
    }
}
