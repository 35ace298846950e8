/** The gradient checker: compares the gradients of rules with numeric ones; see {@link gradus.graph.check.GradientCheck}. */
package gradus.graph.check;
