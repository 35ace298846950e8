package gradus.nn.train;

import gradus.nn.data.Batch;
import gradus.nn.data.Dataset;
import java.util.List;

/** A data set that notes the indices of each batch. */
record Noting(Dataset base, List<int[]> asked) implements Dataset {
    @Override
    public int size() {
        return base.size();
    }

    @Override
    public Batch at(int... indices) {
        asked.add(indices);
        return base.at(indices);
    }
}
