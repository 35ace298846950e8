/**
 * Nodes, the ops that make them, and the loop that differentiates them. {@link gradus.graph.Node} is the table of
 * contents; each family of its methods stands in a file of its own, every op's formula, rule and method together.
 */
package gradus.graph;
