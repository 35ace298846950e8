/** JMH benchmarks of ops, kernels and optimizers, and the comparison with other libraries. Not part of a release. */
package gradus.bench;
