/**
 * Assertions and jqwik arbitraries for tests of differentiable functions: gradient checks in one line; shapes, tensors, and
 * pairs that broadcast. Published as the artifact {@code graph-core} with the classifier {@code testing}.
 */
package gradus.testing;
