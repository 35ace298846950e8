/** Curves and images, in the terminal and as files. */
package gradus.nn.view;
