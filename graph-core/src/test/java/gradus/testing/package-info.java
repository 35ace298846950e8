/**
 * What tests of differentiable functions are made from: one line that checks a function's gradients, and jqwik's
 * arbitraries of shapes, tensors, and pairs that broadcast. Shipped as the artifact {@code graph-core} with the classifier
 * {@code check}, and what the project's own tests use.
 */
package gradus.testing;
