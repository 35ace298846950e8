package gradus.nn.train;

import gradus.array.Tensor;
import gradus.array.Workers;
import gradus.graph.Gradients;
import gradus.graph.Node;
import gradus.nn.LocalBuffers;
import gradus.nn.Pass;
import gradus.nn.data.Batch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A piece of a batch, computed forward and backward by one thread; a batch that is not cut is one piece. What it computes depends on its
 * examples and its number alone, so the number of threads changes no byte.
 */
final class Piece {
    /** The fewest examples: a variance of a batch needs two. */
    private static final int FEWEST = 2;

    final Batch batch;
    final int[] indices;
    final Pass pass;
    /** How it is named in a message; empty if the batch is not cut. */
    final String name;
    /** The share of its loss in that of the batch; all shares sum to 1. */
    private final double share;

    private final LocalBuffers buffers = new LocalBuffers();
    /** The results. Gradients are those of {@code share * loss}, null if the loss is not finite; both are 0 and null where the share is 0. */
    double loss;

    Tensor output;
    Gradients gradients;

    private Piece(Batch batch, int[] indices, Pass pass, String name, double share) {
        this.batch = batch;
        this.indices = indices;
        this.pass = pass;
        this.name = name;
        this.share = share;
    }

    /** Returns the pieces of a batch: so many of about the same size, fewer if it has not two examples for each; one if its loss weighs nothing. */
    static List<Piece> of(Trainer trainer, Batch batch, int[] indices, Pass pass) {
        int n = batch.size();
        int count = Math.min(trainer.pieces, n / FEWEST);
        if (count < 2 || weight(trainer.loss, batch) == 0) {
            return List.of(new Piece(batch, indices, pass, "", 1));
        }
        int[] ends = IntStream.rangeClosed(0, count)
                .map(i -> (int) ((long) n * i / count))
                .toArray();
        List<Batch> parts = IntStream.range(0, count)
                .mapToObj(i -> new Batch(
                        rows(batch.inputs(), ends[i], ends[i + 1]), rows(batch.targets(), ends[i], ends[i + 1])))
                .toList();
        double[] weights =
                parts.stream().mapToDouble(b -> weight(trainer.loss, b)).toArray();
        double all = Arrays.stream(weights).sum();
        List<Piece> pieces = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int[] some = Arrays.copyOfRange(indices, ends[i], ends[i + 1]);
            String name = "piece " + (i + 1) + " of " + count;
            pieces.add(new Piece(parts.get(i), some, pass.in("piece " + i), name, weights[i] / all));
        }
        return pieces;
    }

    private static List<Tensor> rows(List<Tensor> tensors, int from, int to) {
        return tensors.stream().map(t -> t.slice(0, from, to)).toList();
    }

    /** Returns what the loss of a batch counts in a mean of several. */
    static double weight(Loss loss, Batch batch) {
        double weight = loss.weight(batch);
        if (!(weight >= 0) || Double.isInfinite(weight)) {
            throw new IllegalArgumentException(
                    "Trainer: the weight " + weight + " of a batch's loss must be a number of at least 0");
        }
        return weight;
    }

    /**
     * Computes the pieces, at the same time if there are several threads. An exception ends those that were not begun; that of the first piece that has
     * one is thrown.
     */
    static void compute(Trainer trainer, List<Piece> pieces) {
        if (pieces.size() == 1) {
            pieces.get(0).compute(trainer);
            return;
        }
        Throwable[] failures = new Throwable[pieces.size()];
        Workers.run(failures.length, i -> {
            Piece piece = pieces.get(i);
            if (failed(failures, i)) {
                return;
            }
            try {
                piece.buffers.during(() -> {
                    piece.compute(trainer);
                    return null;
                });
            } catch (RuntimeException | Error e) {
                synchronized (failures) {
                    failures[i] = e;
                }
            }
        });
        for (int i = 0; i < failures.length; i++) {
            if (failures[i] != null) {
                throw pieces.get(i).failure(failures[i]);
            }
        }
        double[] sizes = pieces.stream().mapToDouble(p -> p.batch.size()).toArray();
        LocalBuffers.setMeans(pieces.stream().map(p -> p.buffers).toList(), sizes);
    }

    /** Returns whether a piece before has failed. One after may have failed first, but this one's exception is to be thrown if it has one. */
    private static boolean failed(Throwable[] failures, int before) {
        synchronized (failures) {
            return Arrays.stream(failures, 0, before).anyMatch(f -> f != null);
        }
    }

    private RuntimeException failure(Throwable cause) {
        if (cause instanceof Error e) {
            throw e;
        }
        String why = "Trainer: " + name + ": " + (cause.getMessage() == null ? cause : cause.getMessage());
        return cause instanceof IllegalArgumentException
                ? new IllegalArgumentException(why, cause)
                : new IllegalStateException(why, cause);
    }

    private void compute(Trainer trainer) {
        Node y = Pass.duringTraining(() -> trainer.forward.of(batch, pass));
        output = y.value();
        if (share > 0) {
            Node cost = trainer.loss.of(y, batch);
            loss = cost.item();
            if (Double.isFinite(loss)) {
                gradients = (share == 1 ? cost : cost.mul(share)).backward();
            }
        }
    }

    /** Returns the loss of the batch: the mean of those of its pieces. */
    static double loss(List<Piece> pieces) {
        double sum = 0;
        for (Piece p : pieces) {
            sum += p.share * p.loss;
        }
        return sum;
    }

    /** Returns the gradients of the loss of the batch, summed in the order of the pieces. */
    static Gradients gradients(List<Piece> pieces) {
        return pieces.stream()
                .filter(p -> p.gradients != null)
                .map(p -> p.gradients)
                .reduce(Gradients::add)
                .orElseThrow();
    }
}
