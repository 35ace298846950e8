/** Search for hyperparameters on validation data; start at {@link gradus.nn.search.Search}. */
package gradus.nn.search;
