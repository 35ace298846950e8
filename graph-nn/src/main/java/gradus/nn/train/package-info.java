/** The training loop with checkpoints, losses, metrics and callbacks, and its history; start at {@link gradus.nn.train.Trainer}. */
package gradus.nn.train;
