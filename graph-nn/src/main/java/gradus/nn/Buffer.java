package gradus.nn;

import gradus.array.DType;
import gradus.array.OperandMismatch;
import gradus.array.Tensor;
import java.util.Objects;

/**
 * A tensor that belongs to a model's state without being trained, such as a running mean; made by {@link Model#buffer}. Its
 * shape is fixed; {@link Model#to} changes its number type.
 */
public final class Buffer {
    private final String name;
    private final Tensor initial;
    private volatile Tensor value;

    Buffer(String name, Tensor initial) {
        this.name = name;
        this.initial = initial;
        this.value = initial;
    }

    /** Returns the present value. */
    public Tensor value() {
        return value;
    }

    /**
     * Replaces the value.
     *
     * @throws OperandMismatch if the shape or number type differs
     */
    public void set(Tensor newValue) {
        Objects.requireNonNull(newValue, "Buffer.set: newValue is null");
        if (!newValue.shape().equals(value.shape()) || newValue.dtype() != value.dtype()) {
            throw new OperandMismatch(
                    "buffer " + name,
                    "it holds " + value.dtype() + " " + value.shape() + ", not " + newValue.dtype() + " "
                            + newValue.shape());
        }
        value = newValue;
    }

    void to(DType dtype) {
        value = value.to(dtype);
    }

    void reset() {
        value = initial.to(value.dtype());
    }
}
