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

    /** Returns the present value; within {@link LocalBuffers#during}, that of this run. */
    public Tensor value() {
        Tensor local = LocalBuffers.get(this);
        return local == null ? value : local;
    }

    /**
     * Replaces the value; within {@link LocalBuffers#during}, that of this run.
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
        if (!LocalBuffers.put(this, newValue)) {
            value = newValue;
        }
    }

    void to(DType dtype) {
        value = value.to(dtype);
    }

    void reset() {
        value = initial.to(value.dtype());
    }
}
