/** The gradient checker: compares the gradients that rules give with numeric ones; start at {@link gradus.graph.check.GradientCheck}. */
package gradus.graph.check;
