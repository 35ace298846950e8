/** Optimizers: take parameters and their gradients, and update the parameters in place. */
package gradus.nn.optim;
