package gradus.nn.view;

import gradus.array.Tensor;
import gradus.nn.Layer;
import gradus.nn.data.Dataset;
import gradus.nn.search.Search;
import gradus.nn.train.Calibration;
import gradus.nn.train.LayerStatistics;
import gradus.nn.train.LearningRateFinder;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.DoubleUnaryOperator;

/**
 * The kinds of pictures, each in one call: {@code Pictures.plot(losses).save(Path.of("loss.svg"))}. A {@link Picture} is written as PNG
 * or SVG; printed, it is drawn with characters. Numbers come as lists, arrays, tensors or nodes.
 */
public final class Pictures {
    private Pictures() {}

    // ---- curves

    /**
     * Returns a curve or several over 1, 2, 3 and so on.
     *
     * @param curves a list or array of numbers, a tensor or node with one axis, or a map of name to any of these; what is not
     *     finite is a gap
     * @throws IllegalArgumentException if it is none of these, empty, or nothing in it is finite
     */
    public static Plot plot(Object curves) {
        Objects.requireNonNull(curves, "Pictures.plot: curves is null");
        return curves instanceof Map<?, ?> m
                ? Charts.curves("Pictures.plot", m)
                : Charts.curve("Pictures.plot", curves);
    }

    /**
     * Returns learning curves over the epochs 1, 2, 3 and so on. A curve without finite numbers, as the validation loss of a
     * training without validation, is in the legend only.
     *
     * @param curves by the name that the legend shows: lists, as of {@code History.curve}, arrays, tensors or nodes
     * @throws IllegalArgumentException if no number is finite, or a curve is none of these
     */
    public static Plot curves(Map<String, ?> curves) {
        Objects.requireNonNull(curves, "Pictures.curves: curves is null");
        return Charts.curves("Pictures.curves", curves).xLabel("epoch");
    }

    /**
     * Returns the loss against the learning rate, on a logarithmic axis, with the lowest loss marked.
     *
     * @param rates positive numbers
     * @param losses as many
     * @throws IllegalArgumentException if a rate is not positive, the numbers differ, or none is finite
     */
    public static Plot learningRates(Object rates, Object losses) {
        Objects.requireNonNull(rates, "Pictures.learningRates: rates is null");
        Objects.requireNonNull(losses, "Pictures.learningRates: losses is null");
        return Charts.learningRates(rates, losses);
    }

    /**
     * Returns the losses of a learning rate range test against the rate, on a logarithmic axis: those of the batches, smoothed, and with the
     * suggested rate marked, if there is one. The loss axis ends at 1.5 times the largest smoothed loss.
     *
     * @throws IllegalArgumentException if the result has no losses
     */
    public static Plot learningRates(LearningRateFinder.Result result) {
        Objects.requireNonNull(result, "Pictures.learningRates: result is null");
        return TrainingPictures.learningRates(result);
    }

    /**
     * Returns the score of each trial against a hyperparameter; {@link Plot#logX} for one that was drawn log-uniformly.
     *
     * @param parameter its name, the label of the axis
     * @throws IllegalArgumentException if there are none, or their numbers differ
     */
    public static Plot scatter(String parameter, Object values, Object scores) {
        Objects.requireNonNull(parameter, "Pictures.scatter: parameter is null");
        Objects.requireNonNull(values, "Pictures.scatter: values is null");
        Objects.requireNonNull(scores, "Pictures.scatter: scores is null");
        return Charts.scatter(parameter, values, scores);
    }

    /**
     * Returns the scores of a search, a panel for each hyperparameter, with a logarithmic axis for those that were drawn by the logarithm. Strings are
     * numbered in the order of their first trial, as the label says. Failed trials are left out.
     *
     * @throws IllegalArgumentException if the trials asked for no hyperparameter, or all failed
     */
    public static Picture scatter(Search.Result result) {
        Objects.requireNonNull(result, "Pictures.scatter: result is null");
        return TrainingPictures.scatter(result);
    }

    /**
     * Returns a histogram of 40 bins from the lowest to the highest number, with mean and standard deviation.
     *
     * @param values of any shape; those that are not finite are counted in the legend
     * @throws IllegalArgumentException if none is finite
     */
    public static Plot histogram(Object values) {
        Objects.requireNonNull(values, "Pictures.histogram: values is null");
        return Charts.histogram("Pictures.histogram: values", values);
    }

    /**
     * Returns histograms beside each other, over one range: weights, activations or gradients by layer.
     *
     * @param values by layer, of any shape
     * @throws IllegalArgumentException if there are none, or a layer has no finite number
     */
    public static Picture histograms(Map<String, ?> values) {
        Objects.requireNonNull(values, "Pictures.histograms: values is null");
        return Charts.histograms(values);
    }

    /**
     * Returns histograms of the outputs of the layers, over one range, and below them of the gradients, over another; layers without a finite
     * number are left out.
     *
     * @throws IllegalArgumentException if no layer has a finite output
     */
    public static Picture histograms(LayerStatistics statistics) {
        Objects.requireNonNull(statistics, "Pictures.histograms: statistics is null");
        return TrainingPictures.histograms(statistics);
    }

    // ---- classifiers

    /**
     * Returns a confusion matrix: each cell has the count and its share of the actual class.
     *
     * @param counts by actual class, the row, and predicted class, the column
     * @param classes their names
     * @throws IllegalArgumentException if counts is not square, or the number of names differs
     */
    public static Picture confusion(int[][] counts, List<String> classes) {
        Objects.requireNonNull(counts, "Pictures.confusion: counts is null");
        Objects.requireNonNull(classes, "Pictures.confusion: classes is null");
        return Matrices.confusion(counts, classes);
    }

    /**
     * Returns the reliability diagram of a classifier: the accuracy of each bin against its confidence, and the diagonal, where both are equal. Bars below
     * the diagonal are those of a model that is too sure.
     *
     * @throws IllegalArgumentException if there are no examples
     */
    public static Plot reliability(Calibration calibration) {
        Objects.requireNonNull(calibration, "Pictures.reliability: calibration is null");
        return TrainingPictures.reliability(calibration);
    }

    /**
     * Returns the ROC curve of a binary classifier, with the area under it: true against false positive rate for each
     * threshold, as scikit-learn's {@code roc_curve}.
     *
     * @param scores higher for class 1
     * @param labels 0 or 1
     * @throws IllegalArgumentException if their numbers differ, a label is neither, or only one of the classes occurs
     */
    public static Plot roc(Object scores, Object labels) {
        Objects.requireNonNull(scores, "Pictures.roc: scores is null");
        Objects.requireNonNull(labels, "Pictures.roc: labels is null");
        return Charts.roc(scores, labels);
    }

    /**
     * Returns the regions of a classifier's classes in the plane, with examples on top.
     *
     * @param model {@code [n, 2] -> [n, classes]}, or {@code [n, 1]} or {@code [n]} where class 1 is above 0, as a logit is
     * @param points inputs {@code [n, 2]} and classes
     * @throws IllegalArgumentException if the inputs or outputs have other shapes
     */
    public static Plot boundary(Layer model, Dataset points) {
        Objects.requireNonNull(model, "Pictures.boundary: model is null");
        Objects.requireNonNull(points, "Pictures.boundary: points is null");
        return Functions.boundary(model, points);
    }

    // ---- functions

    /**
     * Returns the graph of a function; {@link Plot#points} adds measured points.
     *
     * @throws IllegalArgumentException if from is not below to, or no value is finite
     */
    public static Plot function(DoubleUnaryOperator f, double from, double to) {
        Objects.requireNonNull(f, "Pictures.function: f is null");
        return Functions.function(f, from, to);
    }

    /**
     * Returns the function that a model of one input and one output computes, with examples on top.
     *
     * @param model {@code [n, 1] -> [n, 1]}
     * @param points inputs {@code [n, 1]} and targets {@code [n, 1]} or {@code [n]}
     * @throws IllegalArgumentException if the inputs or outputs have other shapes
     */
    public static Plot fit(Layer model, Dataset points) {
        Objects.requireNonNull(model, "Pictures.fit: model is null");
        Objects.requireNonNull(points, "Pictures.fit: points is null");
        return Functions.fit(model, points);
    }

    // ---- images

    /**
     * Returns images in rows: 0 is black and 1 white; numbers outside of 0 to 1 are mapped from lowest..highest to 0..1.
     *
     * @param images {@code [n, h, w]}, {@code [n, 1, h, w]} or, in red, green and blue, {@code [n, 3, h, w]}
     * @throws IllegalArgumentException if they have another shape, or none of their numbers is finite
     */
    public static Picture images(Tensor images) {
        Objects.requireNonNull(images, "Pictures.images: images is null");
        return ImageGrid.of("Pictures.images", images, List.of());
    }

    /** Returns images, each above its caption; otherwise as {@link #images(Tensor)}. */
    public static Picture images(Tensor images, List<String> captions) {
        Objects.requireNonNull(images, "Pictures.images: images is null");
        Objects.requireNonNull(captions, "Pictures.images: captions is null");
        return ImageGrid.of("Pictures.images", images, captions);
    }

    /**
     * Returns the filters of a convolution: blue below zero, white at zero, red above. Several inputs are a row of images for
     * each output.
     *
     * @param weight {@code [out, in, kh, kw]}, as {@code conv.parameters().get("weight").value()}
     * @throws IllegalArgumentException if it has another shape
     */
    public static Picture filters(Tensor weight) {
        Objects.requireNonNull(weight, "Pictures.filters: weight is null");
        return ImageGrid.filters(weight).title("Filters");
    }

    /**
     * Returns the channels of one example's feature map, on one grey scale.
     *
     * @param maps {@code [c, h, w]} or {@code [1, c, h, w]}, the output of a convolution
     * @throws IllegalArgumentException if it has another shape, or several examples
     */
    public static Picture featureMaps(Tensor maps) {
        Objects.requireNonNull(maps, "Pictures.featureMaps: maps is null");
        int rank = maps.shape().rank();
        if (rank != 3 && !(rank == 4 && maps.shape().dim(0) == 1)) {
            throw new IllegalArgumentException("Pictures.featureMaps: " + maps.shape()
                    + " are no feature maps of one example, [c, h, w] or [1, c, h, w]");
        }
        Tensor channels = rank == 3
                ? maps
                : maps.reshape(
                        maps.shape().dim(1), maps.shape().dim(2), maps.shape().dim(3));
        return ImageGrid.of("Pictures.featureMaps", channels, List.of()).title("Feature maps");
    }

    /**
     * Returns attention weights as a heat map.
     *
     * @param weights {@code [queries, keys]}, or {@code [heads, queries, keys]} for a heat map of each head
     * @param queries the tokens of the rows
     * @param keys the tokens of the columns
     * @throws IllegalArgumentException if it has another shape, or the number of tokens differs
     */
    public static Picture attention(Tensor weights, List<String> queries, List<String> keys) {
        Objects.requireNonNull(weights, "Pictures.attention: weights is null");
        Objects.requireNonNull(queries, "Pictures.attention: queries is null");
        Objects.requireNonNull(keys, "Pictures.attention: keys is null");
        return Matrices.attention(weights, queries, keys);
    }

    // ---- several pictures, and terminals

    /**
     * Returns pictures in rows, as one.
     *
     * @param across pictures in a row
     * @throws IllegalArgumentException if there are none, or across is not positive
     */
    public static Picture panels(int across, Picture... pictures) {
        Objects.requireNonNull(pictures, "Pictures.panels: pictures is null");
        for (int i = 0; i < pictures.length; i++) {
            Objects.requireNonNull(pictures[i], "Pictures.panels: pictures[" + i + "] is null");
        }
        if (across < 1 || pictures.length == 0) {
            throw new IllegalArgumentException(
                    "Pictures.panels: " + pictures.length + " pictures, " + across + " in a row");
        }
        return new Panels(Math.min(across, pictures.length), Arrays.asList(pictures));
    }

    /**
     * Returns images side by side with characters, each under its caption. Two rows of an image share a line, as characters are
     * twice as high as wide.
     *
     * @param images each of side * side numbers, 0 blank to 1 full
     * @param captions one for each image; a longer one than the side is cut
     * @throws IllegalArgumentException if side is not positive, an image has another size, or there are not as many captions as images
     */
    public static String sideBySide(List<Tensor> images, List<String> captions, int side) {
        Objects.requireNonNull(images, "Pictures: images is null");
        Objects.requireNonNull(captions, "Pictures: captions is null");
        if (side < 1 || captions.size() != images.size()) {
            throw new IllegalArgumentException("Pictures: " + images.size() + " images of side " + side + " and "
                    + captions.size() + " captions; a side is at least 1, and each image has a caption");
        }
        for (int i = 0; i < images.size(); i++) {
            Tensor image = Objects.requireNonNull(images.get(i), "Pictures: images[" + i + "] is null");
            Objects.requireNonNull(captions.get(i), "Pictures: captions[" + i + "] is null");
            if (image.size() != (long) side * side) {
                throw new IllegalArgumentException("Pictures: " + image.shape() + " is not an image of side " + side);
            }
        }
        StringBuilder out = new StringBuilder();
        for (String c : captions) {
            out.append(Texts.left(c, side)).append("  ");
        }
        out.append('\n');
        for (int y = 0; y < side; y += 2) {
            for (Tensor image : images) {
                double[] p = image.toDoubleArray();
                for (int x = 0; x < side; x++) {
                    double lower = y + 1 < side ? p[(y + 1) * side + x] : 0;
                    out.append(ImageGrid.shade((p[y * side + x] + lower) / 2));
                }
                out.append("  ");
            }
            out.append('\n');
        }
        return out.toString();
    }
}
