/**
 * JUnit-compatible assertions for gradients, and jqwik arbitraries of shapes, tensors and pairs that broadcast. Published as the
 * artifact {@code graph-core} with the classifier {@code testing}; start at {@link gradus.testing.GradientAssertions}.
 */
package gradus.testing;
