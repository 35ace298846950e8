package gradus.ops;

/** What {@link Padding#pad} adds beyond the ends of an axis whose elements are {@code a b c d}; shown with two on each side. */
public enum PaddingMode {
    /** Zeros: {@code 0 0 | a b c d | 0 0}. */
    ZEROS,
    /** The mirror image, without the element at the end: {@code c b | a b c d | c b}. */
    REFLECT,
    /** The element at the end: {@code a a | a b c d | d d}. */
    REPLICATE,
    /** The elements from the other end: {@code c d | a b c d | a b}. */
    CIRCULAR
}
