/** Data sets, mini-batches, splits, transforms, readers of IDX, CSV and image files, text, and synthetic data; start at {@link gradus.nn.data.Dataset}. */
package gradus.nn.data;
