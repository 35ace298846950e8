package gradus.nn.data;

import gradus.array.Tensor;
import java.util.Objects;

/** A view of some examples of another data set. */
final class Subset implements Dataset {
    private final Dataset base;
    private final int[] indices;

    Subset(Dataset base, int... indices) {
        if (indices.length == 0) {
            throw new IllegalArgumentException("subset: there are no indices; a data set has at least one example");
        }
        for (int i : indices) {
            if (i < 0 || i >= base.size()) {
                throw new IllegalArgumentException("subset: index " + i + " is out of range 0 to " + (base.size() - 1));
            }
        }
        this.base = base;
        this.indices = indices;
    }

    @Override
    public int size() {
        return indices.length;
    }

    @Override
    public boolean isInMemory() {
        return base.isInMemory();
    }

    @Override
    public boolean hasTransformedInputs() {
        return base.hasTransformedInputs();
    }

    @Override
    public Batch at(int... wanted) {
        Objects.requireNonNull(wanted, "at: indices is null");
        return base.at(mapped(wanted));
    }

    @Override
    public Dataset forEpoch(int epoch, int... order) {
        Objects.requireNonNull(order, "forEpoch: order is null");
        Dataset then = base.forEpoch(epoch, mapped(order));
        return then == base ? this : new Subset(then, indices);
    }

    private int[] mapped(int... wanted) {
        int[] mapped = new int[wanted.length];
        for (int i = 0; i < wanted.length; i++) {
            if (wanted[i] < 0 || wanted[i] >= indices.length) {
                throw new IllegalArgumentException(
                        "at: index " + wanted[i] + " is out of range 0 to " + (indices.length - 1));
            }
            mapped[i] = indices[wanted[i]];
        }
        return mapped;
    }

    /** Returns the inputs alone, where this costs no reading of the targets. */
    @Override
    public Tensor x() {
        return isInMemory() ? base.x().rows(indices) : Dataset.super.x();
    }

    /** Returns the targets alone, where this costs no reading of the inputs. */
    @Override
    public Tensor y() {
        return isInMemory() ? base.y().rows(indices) : Dataset.super.y();
    }

    @Override
    public String toString() {
        return indices.length + " examples of a " + base;
    }
}
