/** The gradient checker, which compares gradient rules with finite differences; start at {@link gradus.graph.check.GradientCheck}. */
package gradus.graph.check;
