/**
 * Optimizers, which update parameters in place by their gradients; gradient clipping; learning rate schedules. Start at
 * {@link gradus.nn.optim.Optimizer}.
 */
package gradus.nn.optim;
