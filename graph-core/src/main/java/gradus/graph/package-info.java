/**
 * Computation graphs and reverse-mode differentiation; start at {@link gradus.graph.Node}. The methods of {@code Node} are
 * declared in families, one file each, such as {@link gradus.graph.Activations}: an op's forward function, gradient rule and
 * method stand next to each other.
 */
package gradus.graph;
