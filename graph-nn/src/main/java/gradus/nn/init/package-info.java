/** Initializers, which draw the first values of parameters; start at {@link gradus.nn.init.Initializers}. */
package gradus.nn.init;
