/** Data sets, mini-batches, readers of IDX files, and synthetic data; start at {@link gradus.nn.data.Dataset}. */
package gradus.nn.data;
