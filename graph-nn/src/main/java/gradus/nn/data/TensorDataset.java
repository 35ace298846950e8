package gradus.nn.data;

import gradus.array.Tensor;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;

/** Examples that are in memory as tensors. */
record TensorDataset(Batch all) implements Dataset {
    @Override
    public int size() {
        return all.size();
    }

    @Override
    public boolean isInMemory() {
        return true;
    }

    @Override
    public Batch at(int... indices) {
        Objects.requireNonNull(indices, "at: indices is null");
        return map(t -> t.rows(indices));
    }

    @Override
    public Batch batch(int from, int to) {
        if (from < 0 || to > size() || from >= to) {
            return Dataset.super.batch(from, to); // refuses it
        }
        return map(t -> t.slice(0, from, to));
    }

    private Batch map(UnaryOperator<Tensor> f) {
        List<Tensor> inputs = all.inputs().stream().map(f).toList();
        return new Batch(inputs, all.targets().stream().map(f).toList());
    }

    @Override
    public String toString() {
        return "Dataset" + all.toString().substring("Batch".length());
    }
}
