/** Known models, each a short class that is also an example of how a {@link gradus.nn.Model} is written. */
package gradus.nn.zoo;
