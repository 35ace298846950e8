package gradus.graph;

/** How {@link Node#scatterReduce} combines the elements for one position. */
public enum ScatterMode {
    /** Their sum. */
    SUM,
    /** Their mean. */
    MEAN,
    /** Their product. */
    PROD,
    /** The largest; NaN if one is. PyTorch's amax. */
    MAX,
    /** The smallest; NaN if one is. PyTorch's amin. */
    MIN
}
