/**
 * Shapes, number types, tensors, random streams and the kernels over primitive arrays. Nothing outside this package touches
 * a tensor's array, and nothing in it depends on graphs. Files ending in {@code 32} are generated from their twins ending
 * in {@code 64}.
 */
package gradus.array;
