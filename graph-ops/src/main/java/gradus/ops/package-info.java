/**
 * Ops that are not methods of {@code Node}, written against the core's public API alone, as a user would write them;
 * and {@link gradus.ops.Ops}, all ops as static functions.
 */
package gradus.ops;
