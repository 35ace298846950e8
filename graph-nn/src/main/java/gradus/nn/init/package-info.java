/** How parameters get their first values. */
package gradus.nn.init;
