/**
 * Layers. A {@link gradus.nn.Layer} is a function of a node; a {@link gradus.nn.Model} is a layer with parameters, buffers or inner
 * layers, each with a path such as {@code 0.weight}.
 */
package gradus.nn;
