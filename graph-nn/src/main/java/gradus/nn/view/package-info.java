/** Curves and pictures, in the terminal and as files. */
package gradus.nn.view;
