package gradus.graph;

import static gradus.graph.Op.pairwise;

import gradus.array.Tensor;

/**
 * The family of choices between numbers. Comparisons give 1 where they hold and 0 elsewhere, as FLOAT values that serve
 * as masks; they have no gradient.
 */
public sealed interface Comparing permits Node {
    /** {@code y = max(a, b)}; where they are equal each takes half the gradient, as in PyTorch. */
    Formula MAXIMUM = pairwise(
            "maximum", Math::max, (c, gy) -> gy.mul(share(c.x(0), c.x(1))), (c, gy) -> gy.mul(share(c.x(1), c.x(0))));

    /** Returns the larger of each pair; NaN if one is. */
    default Node maximum(Node b) {
        return Node.of(MAXIMUM, self(), b);
    }

    /** Returns the larger of each element and a number. */
    default Node maximum(double b) {
        return maximum(number(b));
    }

    /** {@code y = min(a, b)}; where they are equal each takes half the gradient, as in PyTorch. */
    Formula MINIMUM = pairwise(
            "minimum", Math::min, (c, gy) -> gy.mul(share(c.x(1), c.x(0))), (c, gy) -> gy.mul(share(c.x(0), c.x(1))));

    /** Returns the smaller of each pair; NaN if one is. */
    default Node minimum(Node b) {
        return Node.of(MINIMUM, self(), b);
    }

    /** Returns the smaller of each element and a number. */
    default Node minimum(double b) {
        return minimum(number(b));
    }

    /** {@code y = x where the mask is not 0, else exactly 0}, even where x is infinite or NaN. */
    Formula ONLY_WHERE =
            pairwise("onlyWhere", (x, mask) -> mask != 0 ? x : 0, (c, gy) -> gy.onlyWhere(c.x(1)), Op.NONE);

    /** Returns the elements whose mask is not 0, and zeros for the others whatever they are. */
    default Node onlyWhere(Node mask) {
        return Node.of(ONLY_WHERE, self(), mask);
    }

    /** {@code y = a > b}. */
    Formula GT = pairwise("gt", (a, b) -> a > b ? 1 : 0, Op.NONE, Op.NONE);

    /** Returns 1 where this is greater, else 0. */
    default Node gt(Node b) {
        return Node.of(GT, self(), b);
    }

    /** Returns 1 where this is greater than a number, else 0. */
    default Node gt(double b) {
        return gt(number(b));
    }

    /** {@code y = a < b}. */
    Formula LT = pairwise("lt", (a, b) -> a < b ? 1 : 0, Op.NONE, Op.NONE);

    /** Returns 1 where this is less, else 0. */
    default Node lt(Node b) {
        return Node.of(LT, self(), b);
    }

    /** Returns 1 where this is less than a number, else 0. */
    default Node lt(double b) {
        return lt(number(b));
    }

    /** {@code y = a == b}. */
    Formula EQ = pairwise("eq", (a, b) -> a == b ? 1 : 0, Op.NONE, Op.NONE);

    /** Returns 1 where both are equal, else 0. */
    default Node eq(Node b) {
        return Node.of(EQ, self(), b);
    }

    /** Returns 1 where this is equal to a number, else 0. */
    default Node eq(double b) {
        return eq(number(b));
    }

    /** {@code y = a != b}. */
    Formula NE = pairwise("ne", (a, b) -> a != b ? 1 : 0, Op.NONE, Op.NONE);

    /** Returns 1 where both differ, else 0. */
    default Node ne(Node b) {
        return Node.of(NE, self(), b);
    }

    /** Returns 1 where this differs from a number, else 0. */
    default Node ne(double b) {
        return ne(number(b));
    }

    /** Returns what the first takes of the gradient of their maximum: all, nothing, or half at a tie. */
    private static Node share(Node a, Node b) {
        return a.gt(b).add(a.eq(b).mul(0.5));
    }

    private Node number(double b) {
        return Node.constant(Tensor.scalar(b, self().dtype()));
    }

    private Node self() {
        return (Node) this;
    }
}
