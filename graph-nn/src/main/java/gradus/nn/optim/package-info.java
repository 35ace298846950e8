/**
 * Optimizers, which update parameters in place by their gradients; clipping and accumulation of gradients; averages of weights;
 * learning rate schedules. Start at {@link gradus.nn.optim.Optimizer} and {@link gradus.nn.optim.LearningRate}.
 */
package gradus.nn.optim;
