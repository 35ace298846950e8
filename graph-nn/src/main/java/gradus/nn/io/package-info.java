/** Model files. */
package gradus.nn.io;
