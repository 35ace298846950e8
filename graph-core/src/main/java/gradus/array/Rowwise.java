package gradus.array;

/** Functions of a whole row that are computed along the last axis. */
enum Rowwise {
    SOFTMAX(true),
    LOG_SOFTMAX(true),
    LOG_SUM_EXP(false),
    ARGMAX(false);

    /** Whether the result has an element for each of the row's, rather than one for all. */
    final boolean keepsRow;

    Rowwise(boolean keepsRow) {
        this.keepsRow = keepsRow;
    }
}
