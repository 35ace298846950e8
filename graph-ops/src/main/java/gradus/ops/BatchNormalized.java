package gradus.ops;

import gradus.graph.Node;

/**
 * The result of {@link Normalization#batchNorm(Node, double)} in training.
 *
 * @param values the normalised elements, in the shape of the input
 * @param mean the mean of each channel, [c]
 * @param var the population variance of each channel, [c], whose sum is divided by the number n of its elements; running statistics have
 *     the sample variance, {@code n / (n - 1)} times as large
 */
public record BatchNormalized(Node values, Node mean, Node var) {}
