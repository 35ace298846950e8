/** Data sets, and where they come from. */
package gradus.nn.data;
