/**
 * Tensors, shapes, number types, random streams, and the kernels that compute on primitive arrays; start at
 * {@link gradus.array.Tensor}. The arrays and the kernels are private to this package, and it does not depend on graphs. Files
 * whose names end in {@code 32} are generated from those that end in {@code 64}.
 */
package gradus.array;
