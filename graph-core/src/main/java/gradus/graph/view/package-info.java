/** Graphs as text, DOT, Mermaid and SVG; start at {@link gradus.graph.view.GraphView}. */
package gradus.graph.view;
