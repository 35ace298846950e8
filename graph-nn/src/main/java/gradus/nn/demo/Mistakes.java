package gradus.nn.demo;

import gradus.array.Tensor;
import gradus.nn.Layer;
import gradus.nn.data.Dataset;
import gradus.nn.train.Trainer;
import gradus.nn.view.Picture;
import gradus.nn.view.Pictures;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The misclassified images of a data set, those first of whose class the model is the surest. */
final class Mistakes {
    /** A misclassified image. */
    private record Mistake(int index, int actual, int predicted, double probability) {}

    private final Dataset examples;
    private final List<Mistake> all;

    private Mistakes(Dataset examples, List<Mistake> all) {
        this.examples = examples;
        this.all = all;
    }

    /** Returns those of a model with logits {@code [n, c]}. */
    static Mistakes of(Layer model, Dataset examples) {
        Tensor probabilities = Trainer.predict(model, examples).softmax(-1);
        int[] predicted = probabilities.argmax(1).toIntArray();
        int[] actual = examples.classes();
        List<Mistake> all = new ArrayList<>();
        for (int i = 0; i < actual.length; i++) {
            if (predicted[i] != actual[i]) {
                all.add(new Mistake(i, actual[i], predicted[i], probabilities.get(i, predicted[i])));
            }
        }
        all.sort(Comparator.comparingDouble(Mistake::probability).reversed());
        return new Mistakes(examples, all);
    }

    /** Returns the first n as characters. */
    String text(int n, int side) {
        if (all.isEmpty()) {
            return "every digit was classified correctly";
        }
        List<Mistake> some = first(n);
        return Pictures.sideBySide(
                some.stream().map(this::image).toList(),
                some.stream()
                        .map(m -> "actual " + m.actual() + ", predicted " + m.predicted())
                        .toList(),
                side);
    }

    /** Returns the first n as a grid of images; an empty one if there are none. */
    Picture picture(int n, int side) {
        List<Mistake> some = first(n);
        if (some.isEmpty()) {
            return Pictures.images(Tensor.zeros(1, side, side)).title("No digit was misclassified");
        }
        Tensor[] images =
                some.stream().map(m -> image(m).reshape(1, side, side)).toArray(Tensor[]::new);
        return Pictures.images(
                        Tensor.concat(0, images),
                        some.stream()
                                .map(m -> m.actual() + " as " + m.predicted())
                                .toList())
                .title("Misclassified: actual as predicted");
    }

    private List<Mistake> first(int n) {
        return all.subList(0, Math.min(n, all.size()));
    }

    private Tensor image(Mistake m) {
        return examples.batch(m.index(), m.index() + 1).x();
    }
}
