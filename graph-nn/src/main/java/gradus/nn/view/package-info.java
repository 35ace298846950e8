/** Learning curves as text, PNG and SVG, and images as text. */
package gradus.nn.view;
