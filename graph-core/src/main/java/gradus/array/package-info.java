/**
 * Shapes, number types, tensors and the loops that crunch their numbers. This is the only package that knows a primitive
 * array; it knows no graph. Files ending in {@code 32} are made from their twins ending in {@code 64} by a test.
 */
package gradus.array;
