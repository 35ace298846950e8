/**
 * Ops that are not methods of {@code Node}: losses, convolution, pooling, embeddings, linear algebra, Einstein
 * summation, Fourier transforms. They use the public API of graph-core only, as a user's op does. {@link gradus.ops.Ops} has
 * every op of both modules as a static method, but for those that take a function.
 */
package gradus.ops;
