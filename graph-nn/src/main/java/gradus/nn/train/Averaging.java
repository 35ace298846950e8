package gradus.nn.train;

/** How precision, recall and F1 of several classes become one number; scikit-learn's {@code average}. */
public enum Averaging {
    /** The mean over the classes that occur, as actual or predicted ones; each counts the same. */
    MACRO,
    /** The value of all examples together; with one predicted class for each example that is the accuracy. */
    MICRO,
    /** The mean over the classes, each weighted by the number of its examples. */
    WEIGHTED
}
